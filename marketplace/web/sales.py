"""Leads that are paid by the sale: what a buyer has to report and to pay, what an agency has to answer and earns."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.catalog.wording import terms_in_words
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money, parse_money
from marketplace.kit.paging import Ask
from marketplace.orders.many import MOST_ROWS
from marketplace.orders.sales import answer, deals, queries, report
from marketplace.orders.sales.file import COLUMNS, report_file
from marketplace.orders.sales.models import NoSale, SaleState
from marketplace.orders.sales.rules import GRACE, is_correctable
from marketplace.orders.sales.schemas import SaleAnswerIn, SaleCorrectionIn
from marketplace.orders.sales.wording import no_sale_reason
from marketplace.people import Power, Who
from marketplace.web.offers import purse_of
from marketplace.web.sale_words import HOURS_TO_CONTEST, happened, sale_tag
from marketplace.web.session import who
from marketplace.web.uploads import sent_rows

blueprint = Blueprint("sales", __name__, url_prefix="/sales")

_ROWS, _SOON = 25, 10
_TABS: dict[str, tuple[str, ...]] = {
    "open": (SaleState.REPORTED, SaleState.CONTESTED),
    "due": (SaleState.COMMISSION_DUE,),
    "held": (SaleState.HELD,),
    "released": (SaleState.RELEASED,),
    "back": (SaleState.REVERSED, SaleState.VOID),
}


@blueprint.get("")
def index() -> tuple[str, int]:
    return _index(who())


@blueprint.post("/files")
def upload() -> tuple[str, int]:
    """Each row with its result on the page; the same file again changes nothing."""
    buyer = who()
    try:
        content = sent_rows()
        with transaction():
            results = report_file(buyer, content)
    except Invalid as why:
        return _index(buyer, why)
    refused = [(line, told) for line, told in results if told.refusal]
    page = render_template("sales/file.html", results=results, refused=refused, taken=len(results) - len(refused))
    return page, HTTPStatus.OK


@blueprint.get("/<uuid:sale_id>")
def show(sale_id: UUID) -> tuple[str, int]:
    return _page(who(), sale_id)


@blueprint.post("/<uuid:sale_id>/agreement")
def agree(sale_id: UUID) -> Response | tuple[str, int]:
    agency, seen = who(), Money(request.form.get("amount", -1, int), request.form.get("currency", ""))
    try:
        with transaction():
            sale = answer.accept(agency, sale_id, seen)
    except Refusal as why:
        return _page(agency, sale_id, why)
    flash(
        _("Agreed. %(paid)s of %(commission)s is paid and held for you.", paid=sale.paid, commission=sale.commission),
        "success",
    )
    return _to(sale_id)


@blueprint.post("/<uuid:sale_id>/contest")
def contest(sale_id: UUID) -> Response | tuple[str, int]:
    agency = who()
    try:
        said = read_form(SaleAnswerIn(), request.form, accept=False)
        with transaction():
            answer.contest(agency, sale_id, said["statement"])
    except Refusal as why:
        return _page(agency, sale_id, why)
    flash(_("Contested. We are looking into it, and the buyer has been told."), "success")
    return _to(sale_id)


@blueprint.post("/<uuid:sale_id>/correction")
def correct(sale_id: UUID) -> Response | tuple[str, int]:
    buyer = who()
    try:
        said = read_form(SaleCorrectionIn(), request.form, **_amount(buyer, sale_id))
        with transaction():
            report.correct(buyer, sale_id, said["amount"].amount, said["reason"])
    except Refusal as why:
        return _page(buyer, sale_id, why)
    flash(_("Corrected. The agency has been told."), "success")
    return _to(sale_id)


@blueprint.post("/<uuid:sale_id>/payment")
def pay(sale_id: UUID) -> Response:
    buyer = who()
    with transaction():
        sale = report.pay(buyer, sale_id)
    is_paid = sale.stops_buying_at is None
    flash(
        _("Paid.") if is_paid else _("There is not enough in your wallet: top it up."),
        "success" if is_paid else "warning",
    )
    back = url_for(".index") if request.form.get("back") == "list" else url_for(".show", sale_id=sale_id)
    return redirect(back, HTTPStatus.SEE_OTHER)


def _index(reader: Who, refusal: Refusal | None = None) -> tuple[str, int]:
    counts, tab = queries.counts_by_state(reader), request.args.get("state", "")
    page = queries.sales_for(reader, Ask(request.args.get("cursor"), _ROWS), states=_TABS.get(tab, ()))
    template = "sales/buyer.html" if reader.is_buyer else "sales/agency.html"
    shown = render_template(
        template,
        page=page,
        tabs=_tabs(counts, tab),
        state=tab,
        sale_tag=sale_tag,
        refusal=refusal,
        is_first="cursor" not in request.args,
        now=clock.now(),
        hours=HOURS_TO_CONTEST,
        **(_to_report(reader) if reader.is_buyer else _to_answer(reader)),
    )
    return shown, refusal.status if refusal else HTTPStatus.OK


def _to_report(buyer: Who) -> dict[str, Any]:
    unpaid = queries.unpaid_for(buyer)
    terms = deals.terms_of_orders([line.order for line in unpaid])
    return {
        "waiting": deals.deals_for(buyer, Ask(request.args.get("waiting"), _ROWS)),
        "counts": deals.deal_counts(buyer),
        "unpaid": [(line, deals.due_of(line.sale, terms[line.order.id])) for line in unpaid],
        "is_stopped": queries.is_stopped(buyer),
        "grace_days": GRACE.days,
        "is_overdue": queries.is_overdue(buyer),
        "can_write": buyer.can(Power.ORDERS_WRITE),
        "columns": ", ".join(COLUMNS),
        "no_sale": ", ".join(NoSale),
        "most_rows": MOST_ROWS,
    }


def _to_answer(agency: Who) -> dict[str, Any]:
    return {
        "answers": queries.answerable_for(agency, _SOON),
        "claims": deals.claims_for(agency, _SOON),
        "counts": deals.deal_counts(agency),
        "no_sale_reason": no_sale_reason,
    }


def _tabs(counts: dict[str, int], tab: str) -> list[dict[str, Any]]:
    labels = {
        "": _("All"),
        "open": _("Reported"),
        "due": _("Commission due"),
        "held": _("Held"),
        "released": _("Released"),
        "back": _("Taken back"),
    }
    return [
        {
            "label": label,
            "href": url_for(".index", state=name or None),
            "count": sum(counts.get(state, 0) for state in _TABS[name]) if name else sum(counts.values()),
            "current": name == tab,
        }
        for name, label in labels.items()
    ]


def _page(reader: Who, sale_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line = queries.line_for(reader, sale_id)
    sale, terms = line.sale, deals.terms_of(line.order)
    due, can_correct = deals.due_of(sale, terms), reader.is_buyer and reader.can(Power.ORDERS_WRITE)
    shown = render_template(
        "sales/show.html",
        line=line,
        said=sale_tag(sale),
        terms=terms_in_words(terms, sale.currency),
        plan=deals.plan_of(sale, terms),
        due=due,
        purse=purse_of(reader, due, is_deposit=True) if can_correct else None,
        reversal_days=terms.reversal_days,
        now=clock.now(),
        hours=HOURS_TO_CONTEST,
        timeline=happened(sale),
        can_answer=reader.is_agency and reader.can(Power.LEADS_WRITE),
        is_correctable=is_correctable(sale, deals.standing_of(line.order).sales, clock.now()),
        can_correct=can_correct,
        refusal=refusal,
    )
    return shown, refusal.status if refusal else HTTPStatus.OK


def _amount(buyer: Who, sale_id: UUID) -> dict[str, Any]:
    """What was typed, in the sale's currency; the button for everything back says 0. Raises Invalid."""
    currency = queries.find_sale_for(buyer, sale_id).currency
    if request.form.get("all_back"):
        return {"amount": Money(0, currency)}
    try:
        return {"amount": parse_money(request.form.get("amount", ""), currency)}
    except ValueError as error:
        raise Invalid(fields={"amount": _("Write the amount as a number, like 1250 or 1250.50.")}) from error


def _to(sale_id: UUID) -> Response:
    return redirect(url_for(".show", sale_id=sale_id), HTTPStatus.SEE_OTHER)
