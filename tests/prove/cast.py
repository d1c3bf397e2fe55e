"""Who and what the acts are about, by short names; and death."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.factories.people import Person


class Died(BaseException):
    """Stands for SIGKILL: nothing catches it."""


class Named:
    """Shown by a few words, also by Hypothesis, which would list every field."""

    def _repr_pretty_(self, shown: Any, _cycle: object) -> None:
        shown.text(repr(self))


@dataclass(frozen=True, repr=False)
class Actor(Named):
    """Somebody who acts for an organisation, under a short name."""

    name: str
    person: Person
    grade: str = ""

    def __repr__(self) -> str:
        return self.name

    @property
    def org_id(self) -> str:
        return str(self.person.org_id)


@dataclass(frozen=True, repr=False)
class Listing(Named):
    """An open listing with its price in cents, or its deposit where it is paid by the sale, in monthly parts."""

    id: str
    agency: Actor
    price: int
    instalments: int = 0

    def __repr__(self) -> str:
        return f"a listing of {self.agency} at {self.price}"


@dataclass(frozen=True, repr=False)
class Lead(Named):
    """A lead that is on sale since time was moved by `since`."""

    id: str
    listing: Listing
    since: timedelta = timedelta()

    def __repr__(self) -> str:
        return f"a lead of {self.listing}"

    @property
    def price(self) -> int:
        return self.listing.price
