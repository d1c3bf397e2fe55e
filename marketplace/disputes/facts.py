"""What quality learns about purchases: disputes are the highest part that sees one whole, with money and outcomes."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import load_only

from marketplace.disputes.appealed import appeals_by_dispute, in_the_end
from marketplace.disputes.models import Appeal, Dispute, DisputeState
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.leads import Lead
from marketplace.orders import Order, OrderState, outcomes
from marketplace.orders.sales.models import Sale
from marketplace.quality import facts
from marketplace.quality.facts import Sold, Stage

_NO_SALE_LEFT = ("reversed", "void")
_CLAWED_BACK = "clawed_back"
_FURTHEST = (Stage.QUALIFIED, Stage.CONTACTED, Stage.DEFERRED)
Kind = TypeVar("Kind", Dispute, outcomes.Outcome, Sale)


@dataclass(frozen=True, slots=True)
class Maturity:
    """When what is said of a lead became final, and what was wrong with it; or when to look again."""

    at: datetime | None = None
    fault: str | None = None
    look_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How far a lead got at its buyer."""

    stage: Stage = Stage.NEW
    contacted_at: datetime | None = None
    won_at: datetime | None = None
    won_cents: int | None = None


def tell(subject_ids: Collection[UUID]) -> None:
    """Tell quality how purchases stand; each is named by its id or that of a dispute or sale. Some hundreds at most."""
    facts.tell(_orders_of(subject_ids), _read)


def tell_due(most: int) -> int:
    """Tell of purchases for which time itself is news; how many there were."""
    order_ids = facts.due(most)
    if order_ids:
        facts.tell(order_ids, _read)
    return len(order_ids)


def maturity(order: Order, dispute: Dispute | None, appeals: Sequence[Appeal], now: datetime) -> Maturity:
    """Whether anything can still change whether the lead was bad. dispute: the one that was not withdrawn."""
    if order.state == OrderState.CLAWED_BACK or order.clawed_back_cents:
        return Maturity(order.released_at, _CLAWED_BACK)
    if order.state in (OrderState.CHARGED_BACK, OrderState.FROZEN):
        return Maturity()
    if dispute:
        return _decided(dispute, appeals, now)
    if not order.is_per_sale:
        return Maturity(order.released_at if order.state == OrderState.RELEASED else None)
    is_over = order.window_ends_at <= now
    return Maturity(order.window_ends_at) if is_over else Maturity(look_at=order.window_ends_at)


def _decided(dispute: Dispute, appeals: Sequence[Appeal], now: datetime) -> Maturity:
    if dispute.decided_at is None or any(appeal.is_open for appeal in appeals):
        return Maturity()
    is_final = dispute.state == DisputeState.CONCEDED or dispute.appeal_until is None
    ends = dispute.decided_at if is_final else max(dispute.decided_at, dispute.appeal_until or dispute.decided_at)
    final_at = max([ends, *(appeal.decided_at for appeal in appeals if appeal.decided_at)])
    if final_at > now:
        return Maturity(look_at=final_at)
    return Maturity(final_at, dispute.reason if in_the_end(dispute, appeals) else None)


def result(reported: Sequence[outcomes.Outcome], sales: Sequence[Sale], *, is_closed: bool = False) -> Result:
    """How far the buyer got. reported: outcomes, oldest first; sales: of a lead that is paid by the sale."""
    contacted_at = outcomes.first_contact_of(reported)
    counted = [sale for sale in sales if sale.state not in _NO_SALE_LEFT and sale.amount_cents]
    if counted:
        first = min(sale.sold_at for sale in counted)
        return Result(Stage.WON, contacted_at, first, sum(sale.amount_cents for sale in counted))
    latest = reported[-1] if reported else None
    if latest and latest.stage == Stage.WON:
        return Result(Stage.WON, contacted_at, latest.at, latest.amount_cents)
    if is_closed or (latest and latest.stage == Stage.LOST):
        return Result(Stage.LOST, contacted_at)
    stages = {outcome.stage for outcome in reported}
    return Result(next((stage for stage in _FURTHEST if stage in stages), Stage.NEW), contacted_at)


def _orders_of(subject_ids: Collection[UUID]) -> Sequence[UUID]:
    named = (
        select(Order.id).where(Order.id.in_(subject_ids)),
        select(Dispute.order_id).where(Dispute.id.in_(subject_ids)),
        select(Sale.order_id).where(Sale.id.in_(subject_ids)),
    )
    return list(session().scalars(union_all(*named)))


def _read(order_ids: Sequence[UUID]) -> Iterator[Sold]:
    now = clock.now()
    disputes = _of_orders(Dispute, order_ids)
    reported, sales = _of_orders(outcomes.Outcome, order_ids), _of_orders(Sale, order_ids)
    appeals = appeals_by_dispute([each.id for some in disputes.values() for each in some])
    for order, lead in session().execute(_orders(order_ids)):
        stands = [each for each in disputes.get(order.id, ()) if each.state != DisputeState.WITHDRAWN]
        dispute = stands[-1] if stands else None
        matured = maturity(order, dispute, appeals[dispute.id] if dispute else (), now)
        is_closed = order.is_per_sale and order.state == OrderState.CLOSED_NO_SALE
        got = result(reported.get(order.id, ()), sales.get(order.id, ()), is_closed=is_closed)
        yield _sold(order, lead, matured, got, disputed=dispute is not None)


def _orders(order_ids: Sequence[UUID]) -> Select[Order, Lead]:
    shown = load_only(Lead.vertical, Lead.channel, Lead.sub_id)
    found = select(Order, Lead).join(Lead, Lead.id == Order.lead_id).where(Order.id.in_(order_ids))
    return found.options(shown).execution_options(populate_existing=True)


def _of_orders(table: type[Kind], order_ids: Sequence[UUID]) -> dict[UUID, list[Kind]]:
    """The rows of each order, oldest first."""
    wanted = select(table).where(table.order_id.in_(order_ids)).order_by(table.id)
    found: dict[UUID, list[Kind]] = {}
    for row in session().scalars(wanted.execution_options(populate_existing=True)):
        found.setdefault(row.order_id, []).append(row)
    return found


def _sold(order: Order, lead: Lead, matured: Maturity, got: Result, *, disputed: bool) -> Sold:
    return Sold(
        order_id=order.id,
        lead_id=order.lead_id,
        listing_id=order.listing_id,
        agency_id=order.agency_id,
        buyer_id=order.buyer_id,
        vertical=lead.vertical,
        channel=lead.channel,
        sub_id=lead.sub_id,
        is_per_sale=order.is_per_sale,
        price_cents=order.price_cents,
        currency=order.currency,
        placed_at=order.placed_at,
        matured_at=matured.at,
        fault_reason=matured.fault,
        disputed=disputed,
        stage=got.stage,
        contacted_at=got.contacted_at,
        won_at=got.won_at,
        won_cents=got.won_cents,
        due_at=matured.look_at,
    )
