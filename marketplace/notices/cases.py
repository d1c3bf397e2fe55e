"""What each letter about a dispute says, and to whom it goes.

What the parties wrote stays on the page behind the sign-in: it may name the person in the lead.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace import events
from marketplace.disputes import REASONS, Appeal, Dispute, Reason, appeals_of, batches, corrections
from marketplace.disputes.batches import Batch
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.orders import Order
from marketplace.people import Power, queries


def dispute_opened(dispute_id: UUID) -> None:
    """To the agency, which has to answer in time."""
    dispute, order = _case(dispute_id)
    _tell(dispute.agency_id, "dispute_opened", dispute, order)


def dispute_answered(dispute_id: UUID) -> None:
    """To the buyer, who waits."""
    dispute, order = _case(dispute_id)
    _tell(dispute.buyer_id, "dispute_answered", dispute, order)


def dispute_decided(dispute_id: UUID) -> None:
    """To both sides: what was decided, and where the money goes."""
    dispute, order = _case(dispute_id)
    for org_id in (dispute.buyer_id, dispute.agency_id):
        _tell(org_id, "dispute_decided", dispute, order, is_buyer=org_id == dispute.buyer_id)


def correction_offered(dispute_id: UUID) -> None:
    """To the buyer, who is to try it."""
    dispute, order = _case(dispute_id)
    _tell(dispute.buyer_id, "dispute_correction_offered", dispute, order, correction=corrections.of_dispute(dispute))


def dispute_corrected(dispute_id: UUID) -> None:
    """To the agency, whose correction works."""
    dispute, order = _case(dispute_id)
    _tell(dispute.agency_id, "dispute_corrected", dispute, order)


def batch_voided(batch_id: UUID) -> None:
    """To its buyers and its agency, once each: how many of their orders went back, and how much money."""
    batch = session().get_one(Batch, batch_id)
    event_id, told = last_event(batch.id, "batch.done"), dict[tuple[UUID, bool], list[tuple[int, Money]]]()
    for buyer, agency, currency, count, cents in batches.totals_by_org(batch):
        for org, is_buyer in ((buyer, True), (agency, False)):
            told.setdefault((org, is_buyer), []).append((count, Money(cents, currency)))
    for (org, is_buyer), lines in told.items():
        amounts = {each.currency: Money(0, each.currency) for _count, each in lines}
        for _count, each in lines:
            amounts[each.currency] += each
        for to in queries.addressees(org, Power.DISPUTES_WRITE):
            count = sum(count for count, _each in lines)
            write("batch_voided", to, event_id, is_buyer=is_buyer, count=count, amounts=list(amounts.values()))


def dispute_appealed(dispute_id: UUID) -> None:
    """To the side that did not appeal: it may say what it thinks of it."""
    dispute, order = _case(dispute_id)
    for event_id, appeal in _appeals(dispute, "dispute.appealed"):
        other = dispute.agency_id if appeal.side == "buyer" else dispute.buyer_id
        _write(event_id, other, "dispute_appealed", dispute, order, appeal=appeal)


def appeal_decided(dispute_id: UUID) -> None:
    """To both sides: whether the decision stands, and what follows for their money."""
    dispute, order = _case(dispute_id)
    for event_id, appeal in _appeals(dispute, "dispute.appeal_decided"):
        for org_id in (dispute.buyer_id, dispute.agency_id):
            told = {"appeal": appeal, "is_buyer": org_id == dispute.buyer_id}
            _write(event_id, org_id, "dispute_appeal_decided", dispute, order, **told)


def _appeals(dispute: Dispute, name: str) -> list[tuple[UUID, Appeal]]:
    """What happened to either side's appeal; who was told before is not told again."""
    by_side = {appeal.side: appeal for appeal in appeals_of(dispute)}
    return [(event.id, by_side[event.data["side"]]) for event in events.history(dispute.id, name)]


def _tell(org_id: UUID, kind: str, dispute: Dispute, order: Order, **context: Any) -> None:
    _write(last_event(dispute.id, kind.replace("_", ".", 1)), org_id, kind, dispute, order, **context)


def _write(event_id: UUID, org_id: UUID, kind: str, dispute: Dispute, order: Order, **context: Any) -> None:
    reason = REASONS[Reason(dispute.reason)].name
    for to in queries.addressees(org_id, Power.DISPUTES_WRITE):
        write(kind, to, event_id, dispute=dispute, order=order, reason=reason, **context)


def _case(dispute_id: UUID) -> tuple[Dispute, Order]:
    statement = select(Dispute, Order).join(Order, Order.id == Dispute.order_id).where(Dispute.id == dispute_id)
    dispute, order = session().execute(statement).one()
    return dispute, order
