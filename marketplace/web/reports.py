"""A buyer sees how its reports are tested, and answers when it is asked for proof."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.disputes import doubts
from marketplace.disputes.doubts.rules import CALLS
from marketplace.disputes.doubts.schemas import DoubtAnswerIn
from marketplace.kit.db import transaction
from marketplace.kit.errors import NotFound, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.orders.sales import prepaid
from marketplace.people import Power, Who
from marketplace.quality import reporting
from marketplace.web.bodies import takes_evidence
from marketplace.web.evidence import attachment, hint, uploads
from marketplace.web.session import who

blueprint = Blueprint("reports", __name__, url_prefix="/sales/reporting")


@blueprint.get("")
def show() -> tuple[str, int]:
    return _page(_buyer())


@blueprint.post("/<uuid:doubt_id>/answer")
@takes_evidence(Power.ORDERS_WRITE)
def answer(doubt_id: UUID) -> Response | tuple[str, int]:
    buyer = _buyer()
    try:
        said = read_form(DoubtAnswerIn(), request.form)
        with transaction():
            doubts.answer(buyer, doubt_id, said["statement"], uploads(request))
    except Refusal as why:
        if isinstance(why, NotFound):
            raise
        return _page(buyer, why)
    flash(_("Sent. We will read it and tell you what we decide."), "success")
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


@blueprint.get("/<uuid:doubt_id>/files/<uuid:doubt_file_id>")
def file(doubt_id: UUID, doubt_file_id: UUID) -> Response:
    """For the buyer and for staff."""
    return attachment(*doubts.file_for(who(), doubt_id, doubt_file_id))


def _buyer() -> Who:
    """A buyer who may see its orders; for anybody else there is no such page."""
    reader = who()
    if not reader.is_buyer:
        raise NotFound
    reader.need(Power.ORDERS_READ)
    return reader


def _page(buyer: Who, refusal: Refusal | None = None) -> tuple[str, int]:
    doubt = doubts.newest_of(buyer.org_id)
    page = render_template(
        "reports/show.html",
        test=reporting.test_of(buyer.org_id),
        limits=reporting.LIMITS,
        most_calls=CALLS,
        evidence_hint=hint(),
        doubt=doubt,
        files=doubts.files_of(doubt) if doubt else [],
        is_prepaid=prepaid.is_prepaid(buyer.org_id),
        can_write=buyer.can(Power.ORDERS_WRITE),
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK
