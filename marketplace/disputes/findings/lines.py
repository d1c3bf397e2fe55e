"""Who is asked whether a telephone line is alive. Nobody, unless the installation has somebody for it."""

from enum import StrEnum
from typing import Protocol

from marketplace.kit.own import Given


class Line(StrEnum):
    """What a provider says about a number."""

    LIVE = "live"
    DEAD = "dead"
    UNKNOWN = "unknown"


class Unanswered(Exception):
    """The provider cannot be reached now; ask again later."""


class LineProvider(Protocol):
    """Looks a line up in the network. To look twice does no harm."""

    def look_up(self, e164: str) -> Line:
        """The state of a line. Raises Unanswered."""


class DemoLines:
    """The demo's network: numbers that end in 0 are dead, in 9 unknown, all others alive."""

    def look_up(self, e164: str) -> Line:
        return {"0": Line.DEAD, "9": Line.UNKNOWN}.get(e164[-1:], Line.LIVE)


_ASKED: Given[LineProvider | None] = Given("provider of lines")


def use_lines(provider: LineProvider | None) -> None:
    """Say, at the application's start, who is asked about lines.

    With None nobody is: our own library again would prove nothing.
    """
    _ASKED.set(provider)


def line_provider() -> LineProvider | None:
    """Who is asked here, if anybody is."""
    return _ASKED.get()
