"""What became of leads that were paid for and whose window is over: the only thing that a rating is made of."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_NO_LINKS: Mapping[str, str] = {}


class Outcome(NamedTuple):
    """One lead. `fault`: its dispute was upheld, or an audit failed. `expected`: e, where it is known already."""

    agency: str
    buyer: str
    vertical: str
    channel: str
    age_days: float
    fault: int
    expected: float | None = None


@dataclass
class Outcomes:
    """Many of them in columns, so that a million take tens of megabytes; equal names are kept once.

    Attributes:
        links: for buyers that belong together (an owner, a card, an address) the name of their group.
    """

    links: Mapping[str, str] = field(default_factory=lambda: _NO_LINKS)
    agencies: list[str] = field(default_factory=list)
    buyers: list[str] = field(default_factory=list)
    verticals: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    ages: "array[float]" = field(default_factory=lambda: array("d"))
    faults: bytearray = field(default_factory=bytearray)
    expected: "array[float]" = field(default_factory=lambda: array("d"))
    _names: dict[str, str] = field(default_factory=dict)

    def add(self, each: Outcome) -> None:
        """One more, in any order."""
        keep = self._names.setdefault
        self.agencies.append(keep(each.agency, each.agency))
        self.buyers.append(keep(each.buyer, each.buyer))
        self.verticals.append(keep(each.vertical, each.vertical))
        self.channels.append(keep(each.channel, each.channel))
        self.ages.append(max(0.0, each.age_days))
        self.faults.append(each.fault)
        self.expected.append(-1.0 if each.expected is None else each.expected)

    def group_of(self, buyer: str) -> str:
        """The buyers that belong together count as one."""
        return self.links.get(buyer, buyer)

    def __len__(self) -> int:
        return len(self.faults)

    def __iter__(self) -> Iterator[Outcome]:
        columns = (self.agencies, self.buyers, self.verticals, self.channels, self.ages, self.faults, self.expected)
        for agency, buyer, vertical, channel, age, fault, expected in zip(*columns, strict=True):
            yield Outcome(agency, buyer, vertical, channel, age, fault, None if expected < 0 else expected)
