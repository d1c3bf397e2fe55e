"""The published rules by which disputes decide themselves: values in, values out."""

from collections.abc import Iterable
from typing import NamedTuple

from marketplace.disputes.models import DisputeState, Reason
from marketplace.disputes.rules import ANSWER_TIME, DECISION_TIME
from marketplace.quality.disputes import UPHOLDS_FROM, Evidence, Finding, Opinion, Verdict, points_of
from marketplace.quality.measures import logit

#: from its opening on; nobody waits longer
LAST_HOUR = ANSWER_TIME + DECISION_TIME
NO_ANSWER, TIME_UP = "no_answer_72h", "time_up_120h"
#: to these the agency could say nothing that would change them: the person's own word, and our own index
NEEDS_NO_ANSWER = frozenset({Evidence.NOT_ME.value, Evidence.DUPLICATE.value})
#: a real person may be a duplicate, or not what the listing says: that the lead is real rejects no such dispute
NOT_ABOUT_FAKES = frozenset({Reason.DUPLICATE, Reason.OUTSIDE_CRITERIA})
#: how much of the way to 97 % must be found, and not stand in anybody's record or own files
_LEAST_FOUND = logit(UPHOLDS_FROM) / 2
_REVIEWED = 0.05
_EVEN = 0.5
_BITS = 64


class Ruling(NamedTuple):
    """What follows, and by which published rules."""

    outcome: DisputeState
    rules: tuple[str, ...]


def by_facts(opinion: Opinion, findings: Iterable[Finding], reason: Reason, *, is_answered: bool) -> Ruling | None:
    """What the facts decide, or None where a person does, or the agency is still to be heard.

    A proof upholds; so does 97 %, and 3 % rejects, but only where what we found, or a side's record says against that
    side, carries at least half of the way: nobody wins by its own word, nor by a file that we cannot read.
    """
    if not is_answered and not NEEDS_NO_ANSWER & set(opinion.rules):
        return None
    found = sum(points_of(each) for each in findings if not each.uploaded)
    if opinion.verdict is Verdict.UPHELD and (_is_proven(opinion) or found >= _LEAST_FOUND):
        return Ruling(DisputeState.UPHELD, opinion.rules)
    if opinion.verdict is Verdict.REJECTED and found <= -_LEAST_FOUND and reason not in NOT_ABOUT_FAKES:
        return Ruling(DisputeState.REJECTED, opinion.rules)
    return None


def by_silence() -> Ruling:
    """The agency let its time to answer pass: the buyer is believed."""
    return Ruling(DisputeState.UPHELD, (NO_ANSWER,))


def by_time(opinion: Opinion) -> Ruling:
    """Nobody decided in time: what is more likely."""
    outcome = DisputeState.UPHELD if opinion.probability >= _EVEN else DisputeState.REJECTED
    return Ruling(outcome, (TIME_UP, *opinion.rules))


def is_drawn(digest: bytes) -> bool:
    """Whether one in twenty falls on this verdict. digest: keyed, so that nobody can steer it or know it before."""
    return int.from_bytes(digest[: _BITS // 8]) < int(_REVIEWED * 2.0**_BITS)


def _is_proven(opinion: Opinion) -> bool:
    """Whether it rests on evidence that upholds alone, and not on the probability."""
    return bool(opinion.rules) and set(opinion.rules) <= {evidence.value for evidence in Evidence}
