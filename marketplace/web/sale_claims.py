"""A buyer says of a lead that is paid by the sale that there was none: its agency agrees, or contests it."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import orders
from marketplace.catalog.wording import terms_in_words
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.orders.sales import deals, no_sale
from marketplace.orders.sales.schemas import SaleAnswerIn
from marketplace.orders.sales.wording import no_sale_reason
from marketplace.people import Power, Who
from marketplace.web.session import who

blueprint = Blueprint("sale_claims", __name__, url_prefix="/sales/claims")


@blueprint.get("/<uuid:order_id>")
def show(order_id: UUID) -> tuple[str, int]:
    """A buyer says that there was no sale: the agency agrees, or says why not."""
    return _page(who(), order_id)


@blueprint.post("/<uuid:order_id>/agreement")
def agree(order_id: UUID) -> Response:
    with transaction():
        no_sale.agree_no_sale(who(), order_id)
    flash(_("Agreed: there was no sale. The deposit went back."), "success")
    return redirect(url_for("sales.index"), HTTPStatus.SEE_OTHER)


@blueprint.post("/<uuid:order_id>/contest")
def contest(order_id: UUID) -> Response | tuple[str, int]:
    agency = who()
    try:
        said = read_form(SaleAnswerIn(), request.form, accept=False)
        with transaction():
            no_sale.contest_no_sale(agency, order_id, said["statement"])
    except Refusal as why:
        return _page(agency, order_id, why)
    flash(_("Contested. We are looking into it, and the buyer has been told."), "success")
    return redirect(url_for("sales.index"), HTTPStatus.SEE_OTHER)


def _page(agency: Who, order_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    agency.need(Power.LEADS_WRITE)
    line, standing = orders.line_for(agency, order_id), deals.standing_for(agency, order_id)
    shown = render_template(
        "sales/claim.html",
        line=line,
        acquisition=standing.acquisition,
        standing=standing,
        reason=no_sale_reason(standing.acquisition.no_sale),
        terms=terms_in_words(standing.terms, line.order.currency),
        refusal=refusal,
    )
    return shown, refusal.status if refusal else HTTPStatus.OK
