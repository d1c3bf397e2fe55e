"""The life of one of the agency's leads: where it came from, who bought it, what was said about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from marketplace import disputes, events, leads, orders
from marketplace.disputes import Dispute
from marketplace.kit import clock
from marketplace.kit.i18n import gettext as _
from marketplace.leads import Lead, LeadState
from marketplace.orders import Order, OrderState, outcomes
from marketplace.orders.outcomes import Outcome, Stage
from marketplace.orders.outcomes.wording import STAGE_NAMES
from marketplace.people import Power, Who
from marketplace.web.stock import State


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, or will: `is_to_come`."""

    at: datetime
    title: str
    note: str = ""
    href: str = ""
    is_to_come: bool = False


@dataclass(frozen=True, slots=True)
class Sale:
    """One sale of the lead; buyers are numbered, not named."""

    number: int
    order: Order
    dispute: Dispute | None
    outcomes: Sequence[Outcome]

    @property
    def stage(self) -> str:
        """How far the buyer is with the person."""
        return str(STAGE_NAMES[self.outcomes[-1].stage if self.outcomes else Stage.NEW])

    @property
    def state(self) -> State:
        return sale_state(self.order)


def sales_of(who: Who, lead: Lead) -> list[Sale]:
    """Every sale of the lead, the first one first."""
    sees = who.can(Power.DISPUTES_READ)
    return [
        Sale(
            number,
            order,
            disputes.of_order(who, order.id) if sees else None,
            outcomes.outcomes_of(who, order.id),
        )
        for number, order in enumerate(orders.sales_of(who, lead.id), start=1)
    ]


def story_of(who: Who, lead: Lead, sales: Sequence[Sale]) -> list[Moment]:
    """Everything in the order of time."""
    moments = [*_coming(who, lead), *(moment for sale in sales for moment in _selling(sale)), *_going(lead)]
    return sorted(moments, key=lambda moment: moment.at)


def sale_state(order: Order) -> State:
    """Where the money of a sale is."""
    words = {
        OrderState.HELD: State(_("held")),
        OrderState.DISPUTED: State(_("disputed"), "warn"),
        OrderState.PARTLY_REFUNDED: State(_("partly refunded"), "warn"),
        OrderState.REFUNDED: State(_("refunded"), "neg"),
        OrderState.RELEASED: State(_("yours"), "pos"),
        OrderState.CLAWED_BACK: State(_("taken back"), "neg"),
        OrderState.FROZEN: State(_("frozen"), "warn"),
        OrderState.CHARGED_BACK: State(_("charged back"), "neg"),
        OrderState.ACQUIRED: State(_("no report yet")),
        OrderState.REPORTED: State(_("sale reported"), "acc"),
        OrderState.COMMISSION_DUE: State(_("commission due"), "warn"),
        OrderState.REVERSED: State(_("sale reversed"), "line"),
        OrderState.NO_SALE_CLAIMED: State(_("no sale, says the buyer"), "acc"),
        OrderState.CLOSED_NO_SALE: State(_("no sale"), "line"),
        OrderState.OVERDUE: State(_("report overdue"), "warn"),
        OrderState.AUDIT: State(_("in audit"), "warn"),
    }
    return words[OrderState(order.state)]


def _coming(who: Who, lead: Lead) -> Iterator[Moment]:
    yield Moment(lead.submitted_at, _("The person asked"))
    if lead.import_id:
        row = leads.import_for(who, lead.import_id)
        note = _("row %(number)s of %(file)s", number=lead.import_row, file=row.file_name)
        yield Moment(lead.received_at, _("Taken in and checked"), note, url_for("imports.show", import_id=row.id))
    else:
        yield Moment(lead.received_at, _("Taken in and checked"), _("sent by API"))


def _selling(sale: Sale) -> Iterator[Moment]:
    order = sale.order
    paid = _("for a deposit of %(price)s", price=order.price) if order.is_per_sale else str(order.price)
    yield Moment(order.placed_at, _("Sold to buyer %(number)s", number=sale.number), paid)
    if sale.dispute:
        href = url_for("disputes.show", dispute_id=sale.dispute.id)
        yield Moment(sale.dispute.opened_at, _("Buyer %(number)s disputes it", number=sale.number), href=href)
        if sale.dispute.decided_at:
            percent = sale.dispute.refund_percent or 0
            title = _("Decided: %(percent)s %% back to buyer %(number)s", percent=percent, number=sale.number)
            yield Moment(sale.dispute.decided_at, title, href=href)
    for outcome in sale.outcomes:
        title = _("Buyer %(number)s reports: %(stage)s", number=sale.number, stage=STAGE_NAMES[outcome.stage])
        yield Moment(outcome.at, title)
    if order.is_per_sale:
        return
    if order.released_at:
        yield Moment(order.released_at, _("The money of sale %(number)s is yours", number=sale.number))
    elif order.state == OrderState.HELD:
        title = _("The money of sale %(number)s becomes yours", number=sale.number)
        yield Moment(order.releasable_at, title, _("unless it is disputed"), is_to_come=True)


def _going(lead: Lead) -> Iterator[Moment]:
    for event in events.history(lead.id, "lead.withdrawn"):
        yield Moment(event.at, _("You took it off sale") if event.actor_id else _("Taken off sale"))
    if lead.state == LeadState.AVAILABLE:
        yield Moment(lead.expires_at, _("Too old to be sold"), is_to_come=lead.expires_at > clock.now())
    elif lead.state == LeadState.EXPIRED:
        yield Moment(lead.expires_at, _("Too old to be sold"))
