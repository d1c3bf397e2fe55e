"""The rows of what Stripe is to do: stored with the act that wants it, taken, ended."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.billing.actions import homes
from marketplace.billing.models import CallState, StripeCall
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import Refusal
from marketplace.kit.ids import new_id

#: whoever asked may make the call itself; after this time nobody is about to
LEFT_ALONE = timedelta(minutes=2)
_SOONEST, _LATEST = timedelta(seconds=30), timedelta(hours=1)
_OPEN = (CallState.INTENDED, CallState.UNKNOWN)


def ask(kind: str, subject_id: UUID, key: str, *, at_once: bool = True) -> UUID:
    """Store that Stripe is to do something, inside the current transaction; return the call's id.

    The same key again is the same call.

    Args:
        at_once: a worker makes the call as soon as this is committed; otherwise whoever asks does, and a worker only
            when that has not happened for two minutes.

    Raises:
        BooksRestored.
    """
    homes.refuse_unsettled()
    now = clock.now()
    values = {"kind": kind, "subject_id": subject_id, "key": key, "created_at": now}
    row = insert(StripeCall).values(id=new_id(), next_at=now + LEFT_ALONE, state=CallState.INTENDED, tries=0, **values)
    made: UUID | None = session().scalar(row.on_conflict_do_nothing(index_elements=["key"]).returning(StripeCall.id))
    if made is None:
        return session().scalars(select(StripeCall.id).where(StripeCall.key == key)).one()
    if at_once:
        record("stripe_call.asked", made, by=SYSTEM, kind=kind)
    return made


def is_being_made(kind: str, subject_id: UUID) -> bool:
    """Whether a call of this kind about the subject has not ended yet."""
    waiting = select(StripeCall.id).where(StripeCall.subject_id == subject_id, StripeCall.kind == kind)
    return session().scalar(waiting.where(StripeCall.state.in_(_OPEN)).limit(1)) is not None


def due(most: int) -> list[UUID]:
    """Calls that nobody has made, or whose outcome is to be found out now, oldest first; none after a restore."""
    if not homes.is_settled():
        return []
    waiting = select(StripeCall.id).where(StripeCall.state.in_(_OPEN), StripeCall.next_at <= clock.now())
    return list(session().scalars(waiting.order_by(StripeCall.next_at).limit(most)))


def take(call_id: UUID) -> StripeCall | None:
    """The call for whoever is about to make it; None when it has ended. Raises BooksRestored."""
    homes.refuse_unsettled()
    row = _locked(call_id)
    if row.state not in _OPEN:
        return None
    now = clock.now()
    row.first_tried_at = row.first_tried_at or now
    row.tries += 1
    row.next_at = now + min(_LATEST, _SOONEST * 2**row.tries)
    return row


def end(call_id: UUID, state: CallState, why: Refusal | None = None) -> StripeCall | None:
    """Write down how the call stands; None when it has ended before, by somebody faster."""
    row = _locked(call_id)
    if row.state not in _OPEN:
        return None
    row.state, row.why = state, why.code if why else None
    if state != CallState.UNKNOWN:
        row.ended_at = clock.now()
    return row


def _locked(call_id: UUID) -> StripeCall:
    return session().scalars(fresh(select(StripeCall).where(StripeCall.id == call_id))).one()
