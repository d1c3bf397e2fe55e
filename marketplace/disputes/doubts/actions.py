"""What happens to a doubt: opened by a flag, answered by the buyer, looked into and decided by staff."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from marketplace import leads
from marketplace.disputes.doubts import rules
from marketplace.disputes.doubts.errors import DoubtOver, NoProof, OwnDoubt, SamePerson
from marketplace.disputes.doubts.files import keep
from marketplace.disputes.doubts.models import Doubt, DoubtCall, DoubtState, Finding
from marketplace.disputes.doubts.queries import doubt_for, tally_of
from marketplace.disputes.uploads import Upload
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.ids import new_id
from marketplace.leads import Contact
from marketplace.orders import Order
from marketplace.orders.sales import prepaid
from marketplace.people import Power, Who
from marketplace.people.queries.ties import has_ties
from marketplace.quality import reporting

S = DoubtState


def open_doubt(buyer_id: UUID) -> None:
    """Ask a flagged buyer for proof, and draw the persons whom staff call. The same flag again changes nothing."""
    test = reporting.test_of(buyer_id)
    if test is None or test.flagged_at is None:
        return
    since = Doubt.buyer_id == buyer_id, Doubt.opened_at >= test.flagged_at
    if session().scalar(select(exists().where(*since))) or prepaid.is_prepaid(buyer_id):
        return
    now = clock.now()
    doubt_id = new_id()
    asked = insert(Doubt).values(
        id=doubt_id,
        buyer_id=buyer_id,
        state=S.ASKED,
        e_value=test.acting.e_value,
        leads=test.leads,
        opened_at=now,
        answer_by=now + rules.ANSWER_TIME,
        statement="",
        reasoning="",
        lift_reason="",
    )
    if session().execute(asked.on_conflict_do_nothing().returning(Doubt.id)).first() is None:
        return
    drawn = reporting.unreported_of(buyer_id, str(doubt_id), rules.CALLS)
    session().add_all(DoubtCall(id=new_id(), doubt_id=doubt_id, order_id=order_id) for order_id in drawn)
    session().flush()
    record("doubt.opened", doubt_id, by=SYSTEM, orgs=[buyer_id], calls=len(drawn))


def answer(who: Who, doubt_id: UUID, statement: str, uploads: Sequence[Upload] = ()) -> Doubt:
    """The buyer says and shows how its leads went; again adds to it, until staff have decided.

    Raises:
        NotFound, Forbidden, DoubtOver, and what `evidence` raises of files.
    """
    who.need(Power.ORDERS_WRITE)
    doubt = doubt_for(who, doubt_id, lock=True)
    if not doubt.is_open:
        raise DoubtOver
    keep(doubt, uploads)
    said = statement.strip()
    doubt.statement = f"{doubt.statement}\n\n{said}".strip() if said not in doubt.statement else doubt.statement
    doubt.answered_at, doubt.answered_by = clock.now(), who.user_id
    if doubt.state == S.ASKED:
        doubt.state = S.ANSWERED
    record("doubt.answered", doubt.id, by=who, orgs=[doubt.buyer_id], files=len(uploads))
    return doubt


def contact_of(who: Who, doubt_id: UUID, call_id: UUID) -> Contact:
    """Who is to be called: written down, and possible only while the call is to be made.

    Raises: NotFound, Forbidden, DoubtOver, OwnDoubt.
    """
    doubt, call = _call(who, doubt_id, call_id)
    if not doubt.is_open or call.finding:
        raise DoubtOver
    lead_id = session().scalars(select(Order.lead_id).where(Order.id == call.order_id)).one()
    leads.let_call(who, lead_id, call.id)
    session().flush()
    return leads.open_contact(who, lead_id)


def called(who: Who, doubt_id: UUID, call_id: UUID, finding: Finding, note: str) -> DoubtCall:
    """What a person said; until the doubt is decided it may be put right. Raises NotFound, Forbidden, DoubtOver."""
    doubt, call = _call(who, doubt_id, call_id)
    if not doubt.is_open:
        raise DoubtOver
    leads.end_call(call.id)
    if (call.finding, call.note) != (finding, note):
        call.finding, call.note, call.called_by, call.called_at = finding, note, who.user_id, clock.now()
        record("doubt.called", doubt.id, by=who, orgs=[], call_id=str(call.id), finding=finding.value)
    return call


def propose(who: Who, doubt_id: UUID, reasoning: str) -> Doubt:
    """Say that it is proven; a second person confirms. Raises NotFound, Forbidden, DoubtOver, NoProof, OwnDoubt."""
    doubt = _judged(who, doubt_id)
    if not tally_of(doubt).bought:
        raise NoProof
    _move(doubt, S.PROPOSED)
    doubt.proposed_by, doubt.proposed_at, doubt.reasoning = who.user_id, clock.now(), reasoning
    record("doubt.proposed", doubt.id, by=who, orgs=[], reason=reasoning)
    return doubt


def confirm(who: Who, doubt_id: UUID) -> Doubt:
    """The second person: from now on the buyer takes leads for a price only.

    Raises: NotFound, Forbidden, DoubtOver, SamePerson, OwnDoubt, NoProof (a call was put right meanwhile).
    """
    doubt = _judged(who, doubt_id)
    if doubt.state == S.PROVEN and doubt.decided_by == who.user_id:
        return doubt
    _must_be_proposed(doubt)
    if doubt.proposed_by == who.user_id:
        raise SamePerson
    if not tally_of(doubt).bought:
        raise NoProof
    _decide(doubt, who, S.PROVEN)
    prepaid.put_on(doubt.buyer_id, because=doubt.id, by=who)
    return doubt


def refuse(who: Who, doubt_id: UUID) -> Doubt:
    """It is not proven after all: the proposal is gone, the question stays. Raises NotFound, Forbidden, DoubtOver."""
    doubt = _judged(who, doubt_id)
    _must_be_proposed(doubt)
    _move(doubt, S.ANSWERED if doubt.answered_at else S.ASKED)
    doubt.proposed_by, doubt.proposed_at = None, None
    record("doubt.refused", doubt.id, by=who, orgs=[])
    return doubt


def clear(who: Who, doubt_id: UUID, reasoning: str) -> Doubt:
    """Nothing speaks against the buyer: its test begins anew. Raises NotFound, Forbidden, DoubtOver, OwnDoubt."""
    doubt = _judged(who, doubt_id)
    doubt.reasoning = reasoning
    _decide(doubt, who, S.CLEARED)
    reporting.restart(doubt.buyer_id)
    return doubt


def lift(who: Who, doubt_id: UUID, reason: str) -> Doubt:
    """The buyer may take leads that are paid by the sale again; its test begins anew.

    Raises: NotFound, Forbidden, DoubtOver, OwnDoubt.
    """
    doubt = _judged(who, doubt_id)
    _move(doubt, S.LIFTED)
    doubt.lifted_by, doubt.lifted_at, doubt.lift_reason = who.user_id, clock.now(), reason
    prepaid.take_off(doubt.buyer_id)
    reporting.restart(doubt.buyer_id)
    record("doubt.lifted", doubt.id, by=who, orgs=[doubt.buyer_id], reason=reason)
    return doubt


def _judged(who: Who, doubt_id: UUID) -> Doubt:
    """For staff without ties to the buyer, locked."""
    who.need(Power.DISPUTES_DECIDE)
    doubt = session().scalars(fresh(select(Doubt).where(Doubt.id == doubt_id))).first()
    if doubt is None:
        raise NotFound
    if has_ties(who.user_id, [doubt.buyer_id]):
        raise OwnDoubt
    return doubt


def _call(who: Who, doubt_id: UUID, call_id: UUID) -> tuple[Doubt, DoubtCall]:
    """A call of a doubt, which is locked. Raises NotFound, Forbidden, OwnDoubt."""
    doubt = _judged(who, doubt_id)
    call = session().get(DoubtCall, call_id, populate_existing=True)
    if call is None or call.doubt_id != doubt.id:
        raise NotFound
    return doubt, call


def _must_be_proposed(doubt: Doubt) -> None:
    if doubt.state != S.PROPOSED:
        raise DoubtOver


def _decide(doubt: Doubt, who: Who, state: DoubtState) -> None:
    _move(doubt, state)
    doubt.decided_by, doubt.decided_at = who.user_id, clock.now()
    for call_id in session().scalars(select(DoubtCall.id).where(DoubtCall.doubt_id == doubt.id)):
        leads.end_call(call_id)
    record("doubt.decided", doubt.id, by=who, orgs=[doubt.buyer_id], state=state.value)


def _move(doubt: Doubt, state: DoubtState) -> None:
    if state not in rules.ALLOWED[S(doubt.state)]:
        raise DoubtOver
    doubt.state = state
