"""A telephone network for tests: says of each number what a test wants."""

from collections.abc import Iterator
from contextlib import contextmanager

from marketplace.disputes import findings
from marketplace.disputes.findings import Line


class Network:
    """`says`: a state, or what is raised, by number; `asked`: the numbers in the order in which they were asked for."""

    def __init__(self) -> None:
        self.says: dict[str, Line | Exception] = {}
        self.asked: list[str] = []

    def look_up(self, e164: str) -> Line:
        self.asked.append(e164)
        said = self.says.get(e164, Line.UNKNOWN)
        if isinstance(said, Exception):
            raise said
        return said


@contextmanager
def asked_about_lines() -> Iterator[Network]:
    """While this lasts, the product asks this network."""
    network, before = Network(), findings.line_provider()
    findings.use_lines(network)
    yield network
    findings.use_lines(before)
