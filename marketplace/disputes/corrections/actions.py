"""What happens to a correction: offered, tried, and then it works, or does not, or nobody looked."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, update

from marketplace import orders
from marketplace.disputes import rules as disputes
from marketplace.disputes.actions import move, party, record
from marketplace.disputes.corrections import rules
from marketplace.disputes.corrections.errors import AlreadyOffered, CorrectionEnded, NoTypo, OfferTimeOver
from marketplace.disputes.corrections.models import Correction, CorrectionState
from marketplace.disputes.corrections.queries import mendable_of, of_dispute
from marketplace.disputes.errors import DisputeClosed
from marketplace.disputes.findings import ASKED, note_offered, unsay_letter
from marketplace.disputes.models import Dispute, DisputeState
from marketplace.disputes.queries import can_be_taken_back, is_held_back, lead_of
from marketplace.events import SYSTEM, Actor
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.ids import new_id
from marketplace.leads.contact import field_in, seal_field
from marketplace.leads.mending import checked, is_left_alone, mend, read
from marketplace.leads.sameness import has_bounced
from marketplace.orders import Order, OrderState
from marketplace.people import Who
from marketplace.quality.disputes import Evidence, Found

_BATCH = 50
S = CorrectionState


def offer(who: Who, dispute_id: UUID, field: str, value: str) -> Correction:
    """The agency says what a field should have been; it counts as its answer, and waits for the buyer.

    Raises:
        NotFound, Forbidden, DisputeClosed, OfferTimeOver, AlreadyOffered, NoTypo, NotMended (in its field `value`).
    """
    dispute, now = party(who, dispute_id, "agency"), clock.now()
    if not dispute.is_open:
        raise DisputeClosed
    if not rules.can_be_offered(dispute, now):
        raise OfferTimeOver
    if of_dispute(dispute):
        raise AlreadyOffered
    if field not in mendable_of(dispute):
        raise NoTypo(fields={"field": NoTypo.sentence})
    mended = checked(lead_of(dispute), field, value)
    correction_id = new_id()
    row = Correction(
        id=correction_id,
        dispute_id=dispute.id,
        field=field,
        state=S.OFFERED,
        sealed=seal_field(correction_id, mended.value),
        offered_by=who.user_id,
        offered_at=now,
        until=now + rules.TIME,
    )
    session().add(row)
    if dispute.state == DisputeState.OPEN:
        move(dispute, DisputeState.ANSWERED)
        dispute.answered_at = now
    _wait(dispute, row)
    session().flush()
    record("dispute.correction_offered", dispute, who, field=field)
    return row


def try_it(who: Who, dispute_id: UUID) -> Correction:
    """The buyer wants to see it and to try; a second click changes nothing.

    An address whose reader wants no more calls is not shown, and the offer waits until its time is over: its agency
    may not learn more than of one at which nobody looked.

    Raises:
        NotFound, Forbidden, CorrectionEnded.
    """
    dispute = party(who, dispute_id, "buyer")
    row = _open(dispute)
    if row.state == S.OFFERED and not _is_left_alone(row):
        row.tried_at = clock.now()
        row.until = row.tried_at + rules.TIME
        _move(row, S.TRIED)
        _wait(dispute, row)
        record("dispute.correction_tried", dispute, who, field=row.field)
    return row


def say(who: Who, dispute_id: UUID, *, works: bool) -> Correction:
    """The buyer has tried it.

    It works: the dispute is over, nothing goes back, and the lead is put right for everybody who bought it. It does
    not, or its reader wants no more calls since it was seen: the dispute goes on, and whoever decides knows.

    Raises:
        NotFound, Forbidden, CorrectionEnded, OrderFrozen.
    """
    dispute = party(who, dispute_id, "buyer")
    row = _open(dispute)
    if row.state != S.TRIED:
        raise CorrectionEnded
    if works and not _is_left_alone(row):
        _accept(dispute, row, who)
    else:
        _fail(dispute, row, who)
    return row


def forget(row: Correction) -> None:
    """We have asked about a number that failed, or nobody can be asked."""
    row.sealed = None


def forget_left() -> None:
    """The dispute ended before anybody answered."""
    is_open = exists().where(
        Dispute.id == Correction.dispute_id, Dispute.state.in_((DisputeState.OPEN, DisputeState.ANSWERED))
    )
    left = update(Correction).where(Correction.state == S.FAILED, Correction.sealed.is_not(None), ~is_open)
    session().execute(left.values(sealed=None))


def due_after(dispute_id: UUID) -> Sequence[UUID]:
    """The next disputes of which the offer's time is over, or may end before, by id.

    Those of which a bank holds the money wait, and those that staff have just decided.
    """
    may_be_left_alone = and_(Correction.state == S.TRIED, Correction.field == "email")
    due = (
        select(Correction.dispute_id)
        .join(Dispute, Dispute.id == Correction.dispute_id)
        .join(Order, Order.id == Dispute.order_id)
        .where(Correction.state.in_((S.OFFERED, S.TRIED)), or_(Correction.until <= clock.now(), may_be_left_alone))
        .where(Order.state != OrderState.FROZEN, ~is_held_back(), Correction.dispute_id > dispute_id)
    )
    return session().scalars(due.order_by(Correction.dispute_id).limit(_BATCH)).all()


def end_one(dispute_id: UUID) -> None:
    """End an offer whose time is over, unless someone has since, or staff have just decided the case.

    Where nobody looked the dispute goes on. What was tried, and nothing was said of it, works. An address that was
    tried fails as soon as its reader wants no more calls, as if its buyer had said so: the time would tell its agency.
    """
    dispute = session().scalars(fresh(select(Dispute).where(Dispute.id == dispute_id))).one()
    row = of_dispute(dispute, lock=True)
    if row is None or not row.is_open or can_be_taken_back(dispute):
        return
    is_over = row.until <= clock.now()
    if dispute.is_open and row.state == S.TRIED:
        if _is_left_alone(row):
            _fail(dispute, row, SYSTEM)
        elif is_over:
            _accept(dispute, row, SYSTEM)
    elif is_over:
        _lapse(dispute, row)


def _is_left_alone(row: Correction) -> bool:
    """Asked anew at each step: a person may withdraw an address while it is offered."""
    return is_left_alone(row.field, field_in(row.id, row.sealed or b""))


def _lapse(dispute: Dispute, row: Correction) -> None:
    _end(row, S.LAPSED)
    if dispute.is_open:
        record("dispute.correction_lapsed", dispute, SYSTEM, field=row.field)


def _accept(dispute: Dispute, row: Correction, who: Actor) -> None:
    lead = lead_of(dispute)
    mended = read(lead, row.field, field_in(row.id, row.sealed or b""))
    mend(lead.id, mended, by=who, org_ids=[dispute.buyer_id, dispute.agency_id])
    orders.reinstate(dispute.order_id)
    _end(row, S.ACCEPTED)
    move(dispute, DisputeState.CORRECTED)
    dispute.decided_at, dispute.decided_by = row.ended_at, who.user_id
    record("dispute.corrected", dispute, who, field=row.field)


def _fail(dispute: Dispute, row: Correction, who: Actor) -> None:
    """Whoever decides now decides about the offered value: what was found of the old one no longer counts."""
    sealed = row.sealed
    _end(row, S.FAILED)
    dispute.decide_by = clock.now() + disputes.DECISION_TIME
    if row.field == "phone":
        row.sealed = sealed
        note_offered(dispute, Evidence.PHONE_RECHECK, Found.UNKNOWN, ASKED)
    elif row.field == "email":
        came_back = has_bounced(lead_of(dispute), field_in(row.id, sealed or b""))
        found = Found.PRESENT if came_back else Found.UNKNOWN
        note_offered(dispute, Evidence.HARD_BOUNCE, found, "mailer")
        unsay_letter(dispute)
    record("dispute.correction_failed", dispute, who, field=row.field)


def _wait(dispute: Dispute, row: Correction) -> None:
    dispute.decide_by = rules.decide_by(dispute, row.until, disputes.DECISION_TIME)


def _open(dispute: Dispute) -> Correction:
    row = of_dispute(dispute, lock=True)
    if row is None:
        raise NotFound
    if not dispute.is_open or not row.is_open:
        raise CorrectionEnded
    return row


def _end(row: Correction, state: CorrectionState) -> None:
    _move(row, state)
    row.sealed, row.ended_at = None, clock.now()


def _move(row: Correction, state: CorrectionState) -> None:
    if state not in rules.ALLOWED[CorrectionState(row.state)]:
        raise CorrectionEnded
    row.state = state
