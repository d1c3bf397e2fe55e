"""The inbox of a buyer: what was bought, and the person behind it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, render_template, request, url_for

from marketplace import catalog, disputes, leads, market, orders
from marketplace.catalog.wording import terms_in_words
from marketplace.checks import facts_of, shown_phone
from marketplace.disputes import Dispute
from marketplace.disputes.rules import hindrance
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.market import Filters
from marketplace.orders import Order, OrderState, outcomes
from marketplace.orders.outcomes import Stage
from marketplace.orders.outcomes.wording import STAGE_ACTS, STAGE_NAMES, reason_in_words
from marketplace.orders.rules import changes_of, release_of
from marketplace.orders.sales import deals
from marketplace.people import Power, Who
from marketplace.quality import scores
from marketplace.web.first_steps import first_steps
from marketplace.web.history import history_of
from marketplace.web.sale_words import sale_tag
from marketplace.web.session import who
from marketplace.web.shapes import exact
from marketplace.web.words import CONSENT_METHODS

blueprint = Blueprint("orders", __name__, url_prefix="/orders")

_ROWS = 25
_SAMPLE = 6


@blueprint.get("")
def index() -> str:
    buyer = _buyer()
    counts = orders.counts_by_state(buyer)
    if not counts:
        return _first_visit(buyer)
    state = next((each.value for each in OrderState if each.value == request.args.get("state")), None)
    stage = next((each.value for each in Stage if each.value == request.args.get("stage")), None)
    only = [outcomes.at_stage(stage)] if stage else []
    page = orders.orders_for(buyer, Ask(request.args.get("cursor"), _ROWS), state, *only)
    return render_template(
        "orders/index.html",
        page=page,
        tabs=_tabs(counts, state, stage),
        shown={"state": state, "stage": stage},
        stages=_stages(buyer),
        stage_names=STAGE_NAMES,
        can_tell=buyer.can(Power.ORDERS_WRITE),
        latest=outcomes.latest_of([line.id for line in page.items]),
        stopped=leads.withdrawn_at([line.lead.id for line in page.items]),
        now=clock.now(),
    )


@blueprint.get("/<uuid:order_id>")
def show(order_id: UUID) -> str:
    """The person of a bought lead. Every reading is written down, so nothing may load this page ahead of a click."""
    buyer = _buyer()
    with transaction():
        line = orders.line_for(buyer, order_id)
        contact = orders.contact_for(buyer, order_id)
    dispute = disputes.of_order(buyer, order_id) if buyer.can(Power.DISPUTES_READ) else None
    return render_template(
        "orders/show.html",
        line=line,
        contact=contact,
        no_contact=leads.withdrawn_at([line.lead.id]).get(line.lead.id),
        phone=shown_phone(contact.phone_e164) if contact.phone_e164 else "",
        consent_at=_moment(contact.consent.get("at")),
        consent_how=CONSENT_METHODS.get(contact.consent.get("method", ""), contact.consent.get("method")),
        facts=facts_of(line.lead.checks),
        score=scores.told_of(line.lead),
        answers=_answers(line.lead.vertical, contact.answers),
        terms=catalog.terms_at(line.order.listing_id, line.order.listing_version),
        dispute=dispute,
        can_dispute=_can_dispute(buyer, line.order, dispute),
        timeline=history_of(line, dispute),
        can_tell=buyer.can(Power.ORDERS_WRITE),
        **_outcome_of(buyer, line.order),
        **(_deal_of(buyer, line.order) if line.order.is_per_sale else _money_of(line.order)),
    )


def _buyer() -> Who:
    reader = who()
    reader.need(Power.ORDERS_READ)
    return reader


def _first_visit(buyer: Who) -> str:
    sample = market.browse(buyer, Filters(), Ask(limit=_SAMPLE)).items
    return render_template("orders/first.html", sample=sample, steps=first_steps(buyer))


def _stages(buyer: Who) -> list[dict[str, Any]]:
    """The stages at which there are orders, for the filter."""
    counts = outcomes.counts_by_stage(buyer)
    return [
        {"value": stage.value, "label": STAGE_NAMES[stage], "count": counts[stage]}
        for stage in Stage
        if counts.get(stage)
    ]


def _tabs(counts: Mapping[str, int], state: str | None, stage: str | None) -> list[dict[str, Any]]:
    words = {
        None: _("All"),
        "held": _("In their window"),
        "disputed": _("Disputed"),
        "partly_refunded": _("Partly refunded"),
        "refunded": _("Refunded"),
        "released": _("Kept"),
        "acquired": _("Report wanted"),
        "overdue": _("Report overdue"),
        "audit": _("In audit"),
        "reported": _("Reported"),
        "no_sale_claimed": _("No sale claimed"),
        "closed_no_sale": _("No sale"),
        "commission_due": _("Commission due"),
        "reversed": _("Reversed"),
    }
    return [
        {
            "label": label,
            "href": url_for(".index", state=name, stage=stage),
            "count": counts.get(name, 0) if name else sum(counts.values()),
            "current": name == state,
        }
        for name, label in words.items()
        if name is None or name == state or counts.get(name)
    ]


def _answers(vertical: str, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The answers as title and words, in the order of the trade's questions."""
    shown = [field for field in catalog.vertical(vertical).fields if field.name in given]
    return [(str(_(field.title)), field.label_of(given[field.name])) for field in shown]


def _moment(text: Any) -> str:
    """A time out of a sealed record; left as it was written where it is none."""
    try:
        return exact(datetime.fromisoformat(str(text))) if text else ""
    except ValueError:
        return str(text)


def _can_dispute(buyer: Who, order: Order, dispute: Dispute | None) -> bool:
    return buyer.can(Power.DISPUTES_WRITE) and hindrance(order, dispute, clock.now()) is None


def _outcome_of(buyer: Who, order: Order) -> dict[str, Any]:
    """How far the buyer is with the person, and what can be reported next."""
    reported = outcomes.outcomes_of(buyer, order.id)
    contact = outcomes.first_contact_of(reported)
    return {
        "reported": reported,
        "open_stages": outcomes.open_stages(order),
        "stage_acts": STAGE_ACTS,
        "reason_words": reason_in_words,
        "first_contact": contact,
        "waited": contact - order.placed_at if contact else None,
        "outcome_key": uuid4(),
    }


def _money_of(order: Order) -> dict[str, Any]:
    """How much of the window is used, and who gets the rest when it is over."""
    parts = release_of(order.held.amount, order.fee_bp, order.reserve_bp)
    used = (clock.now() - order.placed_at) / (order.window_ends_at - order.placed_at)
    return {
        "used": min(1.0, used),
        "to_agency": Money(parts.payable + parts.reserve, order.currency),
        "fee": Money(parts.fee, order.currency),
        "now": clock.now(),
        "standing": None,
    }


def _deal_of(buyer: Who, order: Order) -> dict[str, Any]:
    """Where an order is that is paid by the sale, and whether something can be said of it."""
    standing = deals.standing_of(order)
    return {
        "standing": standing,
        "deal_terms": terms_in_words(standing.terms, order.currency),
        "sale_tag": sale_tag,
        "can_report": buyer.can(Power.ORDERS_WRITE) and OrderState.REPORTED in (order.state, *changes_of(order)),
    }
