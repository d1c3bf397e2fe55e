"""Waiting for a report: reminders, the day when it is due, the audit that follows when none comes."""

from uuid import UUID

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.i18n import noted as _n
from marketplace.orders.models import Order, OrderState
from marketplace.orders.sales import rules
from marketplace.orders.sales.finding import Deal, any_deal
from marketplace.orders.sales.models import Acquisition
from marketplace.orders.sales.money import move_order

#: a dispute is not waited out by reminders: they come when it is over
_WHILE_DISPUTED = rules.ANSWER_TIME
_NO_REPORT = _n("No report came in time.")


def await_report(deal: Deal) -> None:
    """Nothing is reported any more: the order waits again, reminded from where it was."""
    order, acquisition = deal.order, deal.acquisition
    if order.state == OrderState.ACQUIRED:
        step = rules.waiting_step(order.placed_at, acquisition.report_due_at, clock.now())
        acquisition.next_step_at = step.next_at


def stop_waiting(acquisition: Acquisition) -> None:
    """Something was said: no reminder, no audit, and the buyer may acquire more."""
    acquisition.next_step_at, acquisition.is_overdue = None, False
    acquisition.audit_since, acquisition.answer_by = None, None


def next_step(order_id: UUID) -> None:
    """The clock has reached the next step of an order without a report; done twice it changes nothing more."""
    deal, now = any_deal(order_id), clock.now()
    order, acquisition = deal.order, deal.acquisition
    if acquisition.next_step_at is None or acquisition.next_step_at > now:
        return
    if order.state == OrderState.DISPUTED:
        acquisition.next_step_at = now + _WHILE_DISPUTED
    elif order.state == OrderState.OVERDUE:
        begin_audit(deal)
        record("audit.opened", order.id, by=SYSTEM, orgs=_sides(order), why=_NO_REPORT)
    elif order.state != OrderState.ACQUIRED:
        acquisition.next_step_at = None
    elif now >= acquisition.report_due_at:
        _overdue(deal)
    else:
        _remind(deal)


def begin_audit(deal: Deal) -> None:
    """Staff look into it; until they have decided the deposit stays where it is."""
    move_order(deal.order, OrderState.AUDIT)
    deal.acquisition.next_step_at, deal.acquisition.answer_by = None, None
    deal.acquisition.audit_since = clock.now()


def _remind(deal: Deal) -> None:
    order, acquisition = deal.order, deal.acquisition
    step = rules.waiting_step(order.placed_at, acquisition.report_due_at, clock.now())
    is_new = step.reminders > acquisition.reminders
    acquisition.reminders, acquisition.next_step_at = step.reminders, step.next_at
    if is_new:
        record("report.wanted", order.id, by=SYSTEM, orgs=[order.buyer_id], reminder=step.reminders)


def _overdue(deal: Deal) -> None:
    order, acquisition = deal.order, deal.acquisition
    move_order(order, OrderState.OVERDUE)
    acquisition.is_overdue = True
    acquisition.next_step_at = acquisition.report_due_at + rules.AUDIT_AFTER
    record("report.overdue", order.id, by=SYSTEM, orgs=_sides(order))


def _sides(order: Order) -> list[UUID]:
    return [order.buyer_id, order.agency_id]
