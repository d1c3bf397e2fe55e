"""The buyer tells how a lead went that is paid by the sale: a sale, or none."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import orders
from marketplace.catalog.wording import terms_in_words
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import parse_money
from marketplace.orders import OrderState
from marketplace.orders.rules import changes_of
from marketplace.orders.sales import deals, no_sale, report
from marketplace.orders.sales.errors import NotPerSale
from marketplace.orders.sales.schemas import NoSaleIn, SaleIn
from marketplace.orders.sales.wording import NO_SALE_NAMES
from marketplace.people import Power, Who
from marketplace.web.sale_words import HOURS_TO_CONTEST
from marketplace.web.session import who

blueprint = Blueprint("sale_reports", __name__, url_prefix="/orders/<uuid:order_id>/sale")

_REPEAT = {"yes": True, "no": False}


@blueprint.get("")
def new(order_id: UUID) -> tuple[str, int]:
    return _page(_buyer(), order_id)


@blueprint.post("")
def create(order_id: UUID) -> Response | tuple[str, int]:
    buyer = _buyer()
    try:
        told = read_form(SaleIn(), {"reference": request.form.get("reference", "")}, **_typed(buyer, order_id))
        with transaction():
            sale = report.report(buyer, order_id, told, via="page")
    except Refusal as why:
        return _page(buyer, order_id, why)
    done = _("Reported. The agency can contest it for %(hours)s hours; then the commission is taken.",
             hours=HOURS_TO_CONTEST)  # fmt: skip
    flash(done, "success")
    return redirect(url_for("sales.show", sale_id=sale.id), HTTPStatus.SEE_OTHER)


@blueprint.post("/none")
def none(order_id: UUID) -> Response | tuple[str, int]:
    buyer = _buyer()
    try:
        said = read_form(NoSaleIn(), request.form)
        with transaction():
            order = no_sale.claim_no_sale(buyer, order_id, said["reason"], said["note"])
    except Refusal as why:
        return _page(buyer, order_id, why)
    contest = _("Noted. If the agency does not contest it within %(hours)s hours, the deposit comes back.",
                hours=HOURS_TO_CONTEST)  # fmt: skip
    flash(_("Noted. We will take it into account.") if order.state == OrderState.AUDIT else contest, "success")
    return redirect(url_for("orders.show", order_id=order_id), HTTPStatus.SEE_OTHER)


def _buyer() -> Who:
    reader = who()
    reader.need(Power.ORDERS_WRITE)
    return reader


def _page(buyer: Who, order_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line = orders.line_for(buyer, order_id)
    if not line.order.is_per_sale:
        raise NotPerSale
    standing, order = deals.standing_of(line.order), line.order
    page = render_template(
        "sales/report.html",
        line=line,
        standing=standing,
        terms=terms_in_words(standing.terms, order.currency),
        can_report=OrderState.REPORTED in (order.state, *changes_of(order)),
        can_claim=order.state in (OrderState.ACQUIRED, OrderState.OVERDUE, OrderState.AUDIT),
        reasons=[(str(code), str(words)) for code, words in NO_SALE_NAMES.items()],
        today=clock.now().date(),
        hours=HOURS_TO_CONTEST,
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _typed(buyer: Who, order_id: UUID) -> dict[str, Any]:
    """What was typed, as the schema takes it. Raises Invalid."""
    currency, form = orders.find_for(buyer, order_id).currency, request.form
    typed: dict[str, Any] = {"repeat": _REPEAT.get(form.get("repeat", ""))}
    try:
        typed["amount"] = parse_money(form.get("amount", ""), currency)
    except ValueError as error:
        raise Invalid(fields={"amount": _("Write the amount as a number, like 1250 or 1250.50.")}) from error
    return typed | _day(form)


def _day(form: Mapping[str, str]) -> dict[str, str]:
    """The day that was chosen; nothing where none was. Raises Invalid."""
    if not (text := form.get("at", "").strip()):
        return {}
    try:
        return {"at": datetime.fromisoformat(text).replace(tzinfo=UTC).isoformat()}
    except ValueError as error:
        raise Invalid(fields={"at": _("Choose the day of the sale.")}) from error
