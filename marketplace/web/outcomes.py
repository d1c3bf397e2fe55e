"""The buyer tells how it goes with a lead, with one click or a short form; the agency sees it by sub-ID."""

from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import catalog, orders
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import parse_money
from marketplace.kit.once import once
from marketplace.orders import Order, outcomes
from marketplace.orders.many import MOST_ROWS
from marketplace.orders.many import Told as RowTold
from marketplace.orders.outcomes.many import COLUMNS, report_file
from marketplace.orders.outcomes.schemas import OutcomeIn
from marketplace.orders.outcomes.wording import REASONS, STAGE_ACTS
from marketplace.people import Power, Who
from marketplace.quality.contact_times import contact_times_of
from marketplace.web.session import who
from marketplace.web.uploads import sent_rows

blueprint = Blueprint("outcomes", __name__)

_SUB_IDS = 200


@blueprint.get("/orders/<uuid:order_id>/outcome")
def new(order_id: UUID) -> tuple[str, int]:
    return _form(_buyer(), order_id)


@blueprint.post("/orders/<uuid:order_id>/outcome")
def create(order_id: UUID) -> Response | tuple[str, int]:
    buyer = _buyer()
    try:
        told = read_form(OutcomeIn(), _said(), **_typed(orders.find_for(buyer, order_id)))
        with transaction():
            once(buyer.org_id, lambda: outcomes.report(buyer, order_id, told, via="page").id, told)
    except Refusal as why:
        return _form(buyer, order_id, why)
    flash(_("Noted: %(stage)s.", stage=str(STAGE_ACTS[told.stage]).lower()), "success")
    return redirect(url_for("orders.show", order_id=order_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/orders/outcomes")
def file() -> tuple[str, int]:
    _buyer()
    return _file()


@blueprint.post("/orders/outcomes")
def upload() -> tuple[str, int]:
    """Each row with its result on the page; the same file again changes nothing."""
    buyer = _buyer()
    try:
        content = sent_rows()
        with transaction():
            results = report_file(buyer, content)
    except Invalid as why:
        return _file(why)
    return _file(results=results)


@blueprint.get("/orders/contact-times")
def contact_times() -> str:
    """How soon the buyer has contact, beside what a lead's temperature promises."""
    buyer = who()
    buyer.need(Power.ORDERS_READ)
    return render_template("outcomes/contact_times.html", found=contact_times_of(buyer.org_id))


@blueprint.get("/leads/outcomes")
def by_sub_id() -> str:
    """What buyers made of the agency's leads, by sub-ID: what brings customers, and what only leads."""
    agency = who()
    found = outcomes.by_sub_id(agency, _SUB_IDS)
    titles = catalog.by_id_for(agency, {each.listing_id for each in found})
    headings = [(str(STAGE_ACTS[stage]), True) for stage in outcomes.REPORTED]
    return render_template(
        "outcomes/by_sub_id.html", found=found, titles=titles, stages=outcomes.REPORTED, headings=headings
    )


def _buyer() -> Who:
    reader = who()
    reader.need(Power.ORDERS_WRITE)
    return reader


def _form(buyer: Who, order_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line = orders.line_for(buyer, order_id)
    page = render_template(
        "outcomes/new.html",
        line=line,
        stage=outcomes.stage_of(line.order),
        open_stages=[(str(each), str(STAGE_ACTS[each])) for each in outcomes.open_stages(line.order)],
        reasons=[(str(code), str(words)) for code, words in REASONS.items()],
        today=clock.now().date(),
        tomorrow=clock.now().date() + timedelta(days=1),
        key=uuid4(),
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _file(refusal: Refusal | None = None, results: Sequence[tuple[int, RowTold]] | None = None) -> tuple[str, int]:
    page = render_template(
        "outcomes/file.html",
        results=results,
        refused=[(line, told) for line, told in results or () if told.refusal],
        columns=COLUMNS,
        stages=[str(stage) for stage in outcomes.REPORTED],
        most_rows=MOST_ROWS,
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _said() -> dict[str, str]:
    """The stage, and why in the buyer's own words, or in ours."""
    words = request.form.get("words", "").strip() or request.form.get("reason", "")
    return {"stage": request.form.get("stage", ""), "reason": words}


def _typed(order: Order) -> dict[str, Any]:
    """Amount and day, as the schema takes them; nothing where nothing was typed. Raises Invalid."""
    typed: dict[str, Any] = {}
    if text := request.form.get("amount", "").strip():
        try:
            typed["amount"] = parse_money(text, order.currency)
        except ValueError as error:
            raise Invalid(fields={"amount": _("Write the amount as a number, like 1250 or 1250.50.")}) from error
    for name in ("at", "remind_on"):
        if day := request.form.get(name, "").strip():
            try:
                typed[name] = date.fromisoformat(day)
            except ValueError as error:
                raise Invalid(fields={name: _("Choose the day.")}) from error
    return typed
