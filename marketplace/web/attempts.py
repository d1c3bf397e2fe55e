"""The buyer's log of calls to the person of a lead: what a dispute of somebody who cannot be reached stands on."""

from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import orders
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.once import once
from marketplace.orders import attempts
from marketplace.orders.attempts.schemas import AttemptIn
from marketplace.orders.attempts.wording import RESULTS
from marketplace.people import Power, Who
from marketplace.web.session import who

blueprint = Blueprint("attempts", __name__)


@blueprint.get("/orders/<uuid:order_id>/calls")
def index(order_id: UUID) -> tuple[str, int]:
    return _page(_buyer(), order_id)


@blueprint.post("/orders/<uuid:order_id>/calls")
def create(order_id: UUID) -> Response | tuple[str, int]:
    buyer = _buyer()
    try:
        told = read_form(AttemptIn(), {"result": request.form.get("result", "")}, at=_typed())
        with transaction():
            once(buyer.org_id, lambda: attempts.log_attempt(buyer, order_id, told["result"], told["at"]).id, told)
    except Refusal as why:
        return _page(buyer, order_id, why)
    flash(_("The call is logged."), "success")
    return redirect(url_for(".index", order_id=order_id), HTTPStatus.SEE_OTHER)


def _buyer() -> Who:
    reader = who()
    reader.need(Power.ORDERS_WRITE)
    return reader


def _typed() -> str | None:
    """The time as the schema takes it; None where nothing was typed. Raises Invalid."""
    text = request.form.get("at", "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).isoformat()
    except ValueError as error:
        raise Invalid(fields={"at": _("Choose the day and the time.")}) from error


def _page(buyer: Who, order_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line, now = orders.line_for(buyer, order_id), clock.now()
    page = render_template(
        "attempts/index.html",
        line=line,
        attempts=attempts.attempts_of(buyer, order_id),
        tally=attempts.tally_of(order_id),
        least=(attempts.LEAST_TRIES, attempts.LEAST_DAYS),
        results=[(result.value, _(words)) for result, words in RESULTS.items()],
        result_words=RESULTS,
        latest=f"{now:%Y-%m-%dT%H:%M}",
        key=uuid4(),
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK
