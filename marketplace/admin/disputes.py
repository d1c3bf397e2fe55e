"""The desk of those who decide disputes: the queue, one case with all that is known, the decision, the next case."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import catalog, disputes
from marketplace.admin.staff import staff
from marketplace.checks import facts_of
from marketplace.disputes import REASONS, Dispute, DisputeLine, DisputeState, Reason
from marketplace.disputes.rules import ENDS, refunds_of
from marketplace.disputes.schemas import DecisionIn
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import noted as _n
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page
from marketplace.orders import Order
from marketplace.orders.rules import refund_of
from marketplace.people import Power, Who, queries

blueprint = Blueprint("admin_disputes", __name__, url_prefix="/admin/disputes")

_QUEUE = 50
_OK, _SEE_OTHER = 200, 303
_UPHELD, _PARTLY, _REJECTED = DisputeState.UPHELD, DisputeState.PARTLY_UPHELD, DisputeState.REJECTED
#: the four decisions with their keys; none of them weighs more than another
_DECISIONS = {
    "full": (_n("Uphold"), "u", _UPHELD, 100),
    "half": (_n("Half"), "h", _PARTLY, 50),
    "quarter": (_n("Quarter"), "q", _PARTLY, 25),
    "none": (_n("Reject"), "r", _REJECTED, 0),
}


@blueprint.get("")
def index() -> str:
    who = staff(Power.DISPUTES_DECIDE)
    is_ended = request.args.get("state") == "ended"
    queue = _queue(who, is_ended=is_ended, cursor=request.args.get("cursor"))
    case = _case(queue.items[0], queue) if queue.items else {}
    return render_template("admin/disputes.html", queue=queue, is_list=True, **_tabs(who, is_ended=is_ended), **case)


@blueprint.get("/<uuid:dispute_id>")
def show(dispute_id: UUID) -> tuple[str, int]:
    return _page(staff(Power.DISPUTES_DECIDE), dispute_id)


@blueprint.post("/<uuid:dispute_id>/decision")
def decide(dispute_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.DISPUTES_DECIDE)
    try:
        verdict = read_form(DecisionIn(), request.form, **_decision(request.form.get("decision", "")))
        with transaction():
            decided = disputes.decide(who, dispute_id, verdict)
    except Refusal as why:
        return _page(who, dispute_id, why)
    flash(_("Decided. Both sides have been told."), "success")
    following = _after(decided, _queue(who, is_ended=False))
    target = url_for(".show", dispute_id=following.id) if following else url_for(".index")
    return redirect(target, _SEE_OTHER)


def _queue(who: Who, *, is_ended: bool, cursor: str | None = None) -> Page[DisputeLine]:
    """The open cases, those that must be decided first; or those that are over, newest first."""
    ask = Ask(cursor, _QUEUE)
    return disputes.disputes_for(who, ask, states=ENDS) if is_ended else disputes.queue_for(who, ask)


def _tabs(who: Who, *, is_ended: bool) -> dict[str, Any]:
    counts = disputes.counts_by_state(who)
    ended = sum(counts.get(state, 0) for state in ENDS)
    tabs = [
        {
            "label": _("Open"),
            "href": url_for(".index"),
            "count": sum(counts.values()) - ended,
            "current": not is_ended,
        },
        {"label": _("Ended"), "href": url_for(".index", state="ended"), "count": ended, "current": is_ended},
    ]
    return {"tabs": tabs, "state": "ended" if is_ended else None, "now": clock.now()}


def _page(who: Who, dispute_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line = disputes.line_for(who, dispute_id)
    is_ended = not line.dispute.is_open
    queue = _queue(who, is_ended=is_ended)
    page = render_template(
        "admin/disputes.html",
        queue=queue,
        is_list=False,
        refusal=refusal,
        **_tabs(who, is_ended=is_ended),
        **_case(line, queue),
    )
    return page, refusal.status if refusal else _OK


def _case(line: DisputeLine, queue: Page[DisputeLine]) -> dict[str, Any]:
    """All that is known about a case; never the contact of the person in the lead."""
    dispute, order = line.dispute, line.order
    return {
        "line": line,
        "buyer": queries.card(dispute.buyer_id),
        "agency": queries.card(dispute.agency_id),
        "evidence": disputes.evidence_of(dispute),
        "facts": facts_of(line.lead.checks),
        "terms": catalog.terms_at(order.listing_id, order.listing_version),
        "needs": REASONS[Reason(dispute.reason)][1],
        "decisions": [_button(name, order.price) for name in _DECISIONS if _is_open_to(name, order)],
        "refunded": Money(refund_of(order.price_cents, dispute.refund_percent or 0), order.currency),
        "next_case": _after(dispute, queue),
        "is_early": dispute.state == DisputeState.OPEN and clock.now() < dispute.answer_by,
    }


def _is_open_to(name: str, order: Order) -> bool:
    """Whether an order can be decided so: a deposit goes back in full or not at all."""
    _label, _key, outcome, percent = _DECISIONS[name]
    return percent in refunds_of(outcome, is_per_sale=order.is_per_sale)


def _button(name: str, price: Money) -> dict[str, Any]:
    label, key, _outcome, percent = _DECISIONS[name]
    return {
        "name": name,
        "label": _(label),
        "key": key,
        "amount": Money(refund_of(price.amount, percent), price.currency),
    }


def _decision(name: str) -> dict[str, Any]:
    """What a button stands for. Raises Invalid."""
    if name not in _DECISIONS:
        raise Invalid(fields={"decision": _("Choose a decision.")})
    _label, _key, outcome, percent = _DECISIONS[name]
    return {"outcome": outcome.value, "refund_percent": percent}


def _after(dispute: Dispute, queue: Page[DisputeLine]) -> DisputeLine | None:
    """The case that comes next in the queue, from its end the first one."""
    others = [line for line in queue.items if line.id != dispute.id]
    later = (line for line in others if (line.dispute.decide_by, line.id) > (dispute.decide_by, dispute.id))
    return next(later, others[0] if others else None)
