"""Jobs of disputes: what happens when somebody's time is over, and what quality is told."""

from collections.abc import Sequence
from uuid import UUID

from marketplace.disputes import actions, corrections, facts
from marketplace.jobs import job
from marketplace.kit.db import transaction


@job("disputes.uphold_unanswered", every="*/5 * * * *")
def uphold_unanswered() -> None:
    while _some_upheld():
        pass


def _some_upheld() -> bool:
    with transaction():
        return actions.uphold_unanswered() > 0


@job("disputes.end_corrections", every="*/5 * * * *")
def end_corrections() -> None:
    while _some_ended():
        pass


def _some_ended() -> bool:
    with transaction():
        return corrections.end_due() > 0


#: so many purchases are told of in one transaction
_TOLD_AT_ONCE = 250


@job("disputes.tell_facts")
def tell_facts(subject_ids: Sequence[str]) -> None:
    """Each subject is a purchase, or a dispute or a sale of one."""
    named = [UUID(subject) for subject in subject_ids]
    for begin in range(0, len(named), _TOLD_AT_ONCE):
        with transaction():
            facts.tell(named[begin : begin + _TOLD_AT_ONCE])


@job("disputes.tell_due_facts", every="*/5 * * * *")
def tell_due_facts() -> None:
    """What time alone makes final, and what was sold before anything was told."""
    told = _TOLD_AT_ONCE
    while told == _TOLD_AT_ONCE:
        with transaction():
            told = facts.tell_due(_TOLD_AT_ONCE)
