"""The seven marks that a lead shows, always in this order. A check that was not run is unknown, never passed."""

from collections.abc import Iterable
from typing import NamedTuple

from marketplace.checks.result import Outcome, Result

#: each mark needs all of its checks to pass; one failure is enough to fail it
CHECKS_OF = {
    "phone": ("phone",),
    "email": ("email",),
    "name": ("name",),
    "address": ("address",),
    "device": ("user_agent", "fill_time"),
    "duplicate": ("duplicate",),
    "consent": ("consent",),
}
MARKS = tuple(CHECKS_OF)


class Mark(NamedTuple):
    check: str
    outcome: Outcome


def marks(results: Iterable[Result]) -> tuple[Mark, ...]:
    """The seven marks of these results. A domain that takes no mail fails the e-mail; silence changes nothing."""
    found = {result.check: result.outcome for result in results}
    if found.get("email_mx") is Outcome.FAILED:
        found["email"] = Outcome.FAILED
    return tuple(Mark(name, _together(found, checks)) for name, checks in CHECKS_OF.items())


def _together(found: dict[str, Outcome], checks: tuple[str, ...]) -> Outcome:
    outcomes = [found.get(check, Outcome.UNKNOWN) for check in checks]
    if Outcome.FAILED in outcomes:
        return Outcome.FAILED
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.PASSED
