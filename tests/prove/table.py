"""The tables of the machine: what may happen, one small rule an act, and what falls due when time passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.prove.scene import Scene

#: takes a strategy, gives a value: `draw(st.integers(1, 5))`
Draw = Callable[[Any], Any]
Do = Callable[["Scene", Draw], None]


@dataclass(frozen=True)
class Act:
    """One thing that somebody does; `possible` says when."""

    possible: Callable[[Scene], object]
    do: Do
    weight: int


ACTS: dict[str, Act] = {}
#: by the job that brings it, or NEWS: what Stripe tells
FALLS_DUE: dict[str, list[Callable[[Scene], None]]] = {}
NEWS = "news"


def act(possible: Callable[[Scene], object] = lambda _scene: True, *, weight: int = 1) -> Callable[[Do], Do]:
    """Declare an act by the name of its function; one of weight 3 is tried three times as often."""

    def declare(do: Do) -> Do:
        assert do.__name__ not in ACTS
        ACTS[do.__name__] = Act(possible, do, weight)
        return do

    return declare


def falls_due(after: str) -> Callable[[Callable[[Scene], None]], Callable[[Scene], None]]:
    """Declare what the model expects once the job of this name has looked at the clock, or NEWS has come."""

    def declare(expect: Callable[[Scene], None]) -> Callable[[Scene], None]:
        FALLS_DUE.setdefault(after, []).append(expect)
        return expect

    return declare
