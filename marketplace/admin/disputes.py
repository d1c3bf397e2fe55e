"""The desk of those who decide disputes: the queue, one case with all that is known, the decision, the next case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import catalog, disputes
from marketplace.admin.staff import staff
from marketplace.checks import facts_of
from marketplace.disputes import REASONS, Appeal, Dispute, DisputeLine, DisputeState, Reason
from marketplace.disputes.appeals import count_open, is_buyers_turn, outcomes
from marketplace.disputes.rules import ENDS, refunds_of
from marketplace.disputes.schemas import DecisionIn, RulingIn
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
_APPEALS, _ENDED = "appeals", "ended"
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
    state = request.args.get("state", "")
    queue = _queue(who, state, request.args.get("cursor"))
    case = _case(who, queue.items[0], queue) if queue.items else {}
    return render_template("admin/disputes.html", queue=queue, is_list=True, **_tabs(who, state), **case)


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
    return _next(_after(decided.id, decided.decide_by, _queue(who)), "")


@blueprint.post("/<uuid:dispute_id>/appeals/<any(buyer, agency):side>/decision")
def decide_appeal(dispute_id: UUID, side: str) -> Response | tuple[str, int]:
    who = staff(Power.DISPUTES_DECIDE)
    try:
        ruling = read_form(RulingIn(), request.form, refund_percent=_percent(request.form.get("decision", "")))
        with transaction():
            appeal = disputes.decide_appeal(who, dispute_id, side, ruling)
    except Refusal as why:
        return _page(who, dispute_id, why)
    flash(_("Decided. Both sides have been told."), "success")
    return _next(_after(dispute_id, appeal.decide_by, _queue(who, _APPEALS)), _APPEALS)


def _next(line: DisputeLine | None, state: str) -> Response:
    """To the case that comes next, or to the list when there is none."""
    target = url_for(".show", dispute_id=line.id) if line else url_for(".index", state=state or None)
    return redirect(target, _SEE_OTHER)


def _queue(who: Who, state: str = "", cursor: str | None = None) -> Page[DisputeLine]:
    """The open cases or appeals, those that must be decided first; or the cases that are over, newest first."""
    ask = Ask(cursor, _QUEUE)
    if state == _APPEALS:
        return disputes.appealed_for(who, ask)
    return disputes.disputes_for(who, ask, states=ENDS) if state == _ENDED else disputes.queue_for(who, ask)


def _tabs(who: Who, state: str) -> dict[str, Any]:
    counts = disputes.counts_by_state(who)
    ended = sum(counts.get(each, 0) for each in ENDS)
    shown = {"": (_("Open"), sum(counts.values()) - ended), _APPEALS: (_("Appeals"), count_open(who))}
    shown[_ENDED] = (_("Ended"), ended)
    current = state if state in shown else ""
    tabs = [
        {"label": label, "href": url_for(".index", state=name or None), "count": count, "current": name == current}
        for name, (label, count) in shown.items()
    ]
    return {"tabs": tabs, "state": current or None, "now": clock.now()}


def _page(who: Who, dispute_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line = disputes.line_for(who, dispute_id)
    state = _state_of(line.dispute)
    queue = _queue(who, state)
    page = render_template(
        "admin/disputes.html",
        queue=queue,
        is_list=False,
        refusal=refusal,
        **_tabs(who, state),
        **_case(who, line, queue),
    )
    return page, refusal.status if refusal else _OK


def _state_of(dispute: Dispute) -> str:
    """In which list a case is found."""
    if dispute.is_open:
        return ""
    return _APPEALS if any(each.is_open for each in disputes.appeals_of(dispute)) else _ENDED


def _case(who: Who, line: DisputeLine, queue: Page[DisputeLine]) -> dict[str, Any]:
    """All that is known about a case; never the contact of the person in the lead."""
    dispute, order = line.dispute, line.order
    appeals = disputes.appeals_of(dispute)
    waiting = min((each for each in appeals if each.is_open), key=lambda each: each.side != "buyer", default=None)
    return {
        "appeals": appeals,
        "appeal": waiting,
        "rulings": _rulings(waiting, dispute, order) if waiting else [],
        "waits_for_buyer": waiting is not None and waiting.side == "agency" and is_buyers_turn(dispute),
        "is_own_decision": waiting is not None and waiting.first_decided_by == who.user_id,
        "line": line,
        "buyer": queries.card(dispute.buyer_id),
        "agency": queries.card(dispute.agency_id),
        "evidence": disputes.evidence_of(dispute),
        "facts": facts_of(line.lead.checks),
        "terms": catalog.terms_at(order.listing_id, order.listing_version),
        "needs": REASONS[Reason(dispute.reason)].proves,
        "decisions": [_button(name, order.price) for name in _DECISIONS if _is_open_to(name, order)],
        "refunded": order.refunded,
        "next_case": _after(dispute.id, line.decide_by, queue),
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


def _rulings(appeal: Appeal, dispute: Dispute, order: Order) -> list[dict[str, Any]]:
    """What an appeal can come to, the decision as it stands first, then what is next to it."""
    shares = sorted(outcomes(dispute, appeal.side), reverse=appeal.side == "agency")
    return [
        {
            "value": percent,
            "label": _("Let it stand") if place == 0 else _("%(percent)s %% back", percent=percent),
            "key": "rhqu"[place],
            "amount": Money(refund_of(order.price_cents, percent), order.currency),
        }
        for place, percent in enumerate(shares)
    ]


def _percent(value: str) -> int:
    """The share that a button of an appeal stands for. Raises Invalid."""
    if value not in {"0", "25", "50", "100"}:
        raise Invalid(fields={"decision": _("Choose a decision.")})
    return int(value)


def _decision(name: str) -> dict[str, Any]:
    """What a button stands for. Raises Invalid."""
    if name not in _DECISIONS:
        raise Invalid(fields={"decision": _("Choose a decision.")})
    _label, _key, outcome, percent = _DECISIONS[name]
    return {"outcome": outcome.value, "refund_percent": percent}


def _after(dispute_id: UUID, decide_by: datetime, queue: Page[DisputeLine]) -> DisputeLine | None:
    """The case that comes next in the queue, from its end the first one."""
    others = [line for line in queue.items if line.id != dispute_id]
    later = (line for line in others if (line.decide_by, line.id) > (decide_by, dispute_id))
    return next(later, others[0] if others else None)
