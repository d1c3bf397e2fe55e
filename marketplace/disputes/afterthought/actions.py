"""A decision is held back, taken back, or falls."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.disputes.actions import Verdict, decide
from marketplace.disputes.afterthought.errors import DecisionFallen, DecisionWaits, NoneWaits, Unread
from marketplace.disputes.afterthought.queries import has_decided, of_dispute, version_now
from marketplace.disputes.appeals import Ruling, decide_appeal
from marketplace.disputes.models import Dispute, DisputeState, WaitingDecision
from marketplace.disputes.queries import find_for
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.people import Power, Who
from marketplace.people.queries import who_of_member

#: in which whoever decided can take it back
TIME = timedelta(seconds=30)
_KEPT = timedelta(days=1)


def hold(who: Who, dispute_id: UUID, decision: Verdict | Ruling, *, side: str | None = None) -> None:
    """Decide a dispute, or the appeal of one side, in half a minute.

    Raises:
        DecisionWaits: somebody has, and it has not fallen yet.
        Unread: something came in after what they have read.
        Refusal: what `disputes.decide` or `disputes.decide_appeal` would say now.
    """
    who.need(Power.DISPUTES_DECIDE)
    held = {
        "version": _read(find_for(who, dispute_id, lock=True), decision.version),
        "side": side,
        "outcome": decision.outcome if isinstance(decision, Verdict) else None,
        "percent": decision.refund_percent,
        "reasoning": decision.reasoning,
        "early_reason": decision.early_reason if isinstance(decision, Verdict) else "",
        "made_by": who.user_id,
        "org_id": who.org_id,
        "made_at": clock.now(),
        "falls_at": clock.now() + TIME,
        "taken_back_at": None,
        "why": None,
    }
    _try(who, WaitingDecision(dispute_id=dispute_id, **held))
    row = insert(WaitingDecision).values(dispute_id=dispute_id, **held)
    anew = row.on_conflict_do_update(
        index_elements=["dispute_id"], set_=held, where=WaitingDecision.taken_back_at.is_not(None)
    )
    if not session().execute(anew.returning(WaitingDecision.dispute_id)).first():
        raise DecisionWaits


def at_once(who: Who, dispute_id: UUID, decision: Verdict | Ruling, *, side: str | None = None) -> None:
    """What a script decides falls at once.

    Raises:
        Unread: something came in after what it has read.
        Refusal: what `disputes.decide` or `disputes.decide_appeal` says.
    """
    who.need(Power.DISPUTES_DECIDE)
    _read(find_for(who, dispute_id, lock=True), decision.version)
    if isinstance(decision, Verdict):
        decide(who, dispute_id, decision)
    else:
        decide_appeal(who, dispute_id, side or "", decision)


def take_back(who: Who, dispute_id: UUID) -> None:
    """The author takes the decision back: nothing has happened. Idempotent.

    Raises:
        Forbidden, DecisionFallen, NoneWaits.
    """
    who.need(Power.DISPUTES_DECIDE)
    row = of_dispute(dispute_id, lock=True)
    if row is None and has_decided(who, dispute_id):
        raise DecisionFallen
    if row is None or row.made_by != who.user_id or row.why:
        raise NoneWaits
    row.taken_back_at = row.taken_back_at or clock.now()


def fall(dispute_id: UUID) -> None:
    """Its time is over: decide the case in the name of its author.

    Raises:
        Unread: something came in meanwhile.
        Refusal: whatever else refuses that now. Then the row stays, for `drop`.
    """
    dispute = session().scalars(fresh(select(Dispute).where(Dispute.id == dispute_id))).one()
    row = of_dispute(dispute_id, lock=True)
    if row is None or not row.waits or row.falls_at > clock.now():
        return
    who = who_of_member(row.made_by, row.org_id, via="page")
    if who:  # who left staff meanwhile decides nothing: the case is in its list again
        if row.version != version_now(dispute):
            raise Unread
        _decide(who, row)
    session().delete(row)


def drop(dispute_id: UUID, why: str) -> None:
    """Drop a refused decision and show its author why. why: the code of what refused it. Idempotent."""
    due = WaitingDecision.falls_at <= clock.now(), WaitingDecision.taken_back_at.is_(None)
    row = update(WaitingDecision).where(WaitingDecision.dispute_id == dispute_id, *due)
    session().execute(row.values(taken_back_at=clock.now(), why=why))


def forget() -> None:
    """Delete what was taken back a day ago."""
    session().execute(delete(WaitingDecision).where(WaitingDecision.taken_back_at < clock.now() - _KEPT))


def _read(dispute: Dispute, version: str) -> str:
    """The version of a locked dispute; that of who does not say what they have read is the one that stands now.

    Raises:
        Unread.
    """
    now = version_now(dispute)
    if version not in {"", now}:
        raise Unread
    return now


class _Undone(Exception):
    """Leaves a decision that was only tried."""


def _try(who: Who, row: WaitingDecision) -> None:
    """Raise now what would refuse it later: it is decided, and undone again."""
    with suppress(_Undone), session().begin_nested():
        _decide(who, row)
        raise _Undone


def _decide(who: Who, row: WaitingDecision) -> None:
    if row.side:
        decide_appeal(who, row.dispute_id, row.side, Ruling(row.percent, row.reasoning))
    elif row.outcome:
        verdict = Verdict(DisputeState(row.outcome), row.percent, row.reasoning, row.early_reason)
        decide(who, row.dispute_id, verdict)
