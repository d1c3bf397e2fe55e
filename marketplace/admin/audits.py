"""The desk of those who decide about leads that are paid by the sale: contested sales, reports that never came."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.admin.staff import staff
from marketplace.catalog.wording import terms_in_words
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money, parse_money
from marketplace.kit.paging import Ask
from marketplace.orders import OrderState
from marketplace.orders.sales import answer, deals, no_sale, queries
from marketplace.orders.sales.models import SaleState
from marketplace.orders.sales.schemas import AuditDecisionIn, SaleDecisionIn
from marketplace.orders.sales.wording import no_sale_reason
from marketplace.people import Power, Who
from marketplace.people import queries as people

blueprint = Blueprint("admin_audits", __name__, url_prefix="/admin/audits")

_ROWS = 50


@blueprint.get("")
def index() -> str:
    who = staff(Power.DISPUTES_DECIDE)
    page = deals.audits_for(who, Ask(request.args.get("cursor"), _ROWS))
    return render_template("admin/audits.html", page=page, is_first="cursor" not in request.args)


@blueprint.get("/<uuid:order_id>")
def show(order_id: UUID) -> tuple[str, int]:
    return _page(staff(Power.DISPUTES_DECIDE), order_id)


@blueprint.post("/<uuid:order_id>/decision")
def decide(order_id: UUID) -> Response | tuple[str, int]:
    """About an order without a report: there was no sale, or one of an amount."""
    who = staff(Power.DISPUTES_DECIDE)
    try:
        outcome = request.form.get("outcome", "")
        typed: dict[str, Any] = {"amount": _amount(who, order_id)} if outcome == "sale" else {}
        said = read_form(AuditDecisionIn(), request.form, **typed)
        with transaction():
            if outcome == "sale":
                no_sale.decide_sale(who, order_id, said["report"], said["reasoning"])
            else:
                no_sale.decide_no_sale(who, order_id, said["reasoning"])
    except Refusal as why:
        return _page(who, order_id, why)
    return _decided()


@blueprint.post("/sales/<uuid:sale_id>/decision")
def decide_sale(sale_id: UUID) -> Response | tuple[str, int]:
    """About a contested sale: what it came to; the button for none says 0."""
    who = staff(Power.DISPUTES_DECIDE)
    order_id = queries.find_sale_for(who, sale_id).order_id
    try:
        said = read_form(SaleDecisionIn(), request.form, amount=_amount(who, order_id))
        with transaction():
            answer.decide(who, sale_id, said["amount"].amount, said["reasoning"])
    except Refusal as why:
        return _page(who, order_id, why)
    return _decided()


def _decided() -> Response:
    flash(_("Decided. Both sides have been told."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _page(who: Who, order_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line = deals.audit_for(who, order_id)
    standing = deals.standing_of(line.order)
    page = render_template(
        "admin/audit.html",
        line=line,
        standing=standing,
        contested=[sale for sale in standing.sales if sale.state == SaleState.CONTESTED],
        is_audited=line.order.state == OrderState.AUDIT,
        buyer=people.card(line.order.buyer_id),
        reason=no_sale_reason(line.acquisition.no_sale),
        terms=terms_in_words(standing.terms, line.order.currency),
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _amount(who: Who, order_id: UUID) -> Money:
    """What was typed, in the order's currency. Raises Invalid."""
    currency = deals.audit_for(who, order_id).order.currency
    if request.form.get("none"):
        return Money(0, currency)
    try:
        return parse_money(request.form.get("amount", ""), currency)
    except ValueError as error:
        raise Invalid(fields={"amount": _("Write the amount as a number, like 1250 or 1250.50.")}) from error
