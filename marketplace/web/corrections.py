"""Corrections for both parties: the agency says what a field should have been, the buyer tries it."""

from uuid import UUID

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from marketplace.disputes import corrections
from marketplace.disputes.corrections import CorrectionState
from marketplace.disputes.corrections.schemas import ContactCorrectionIn, CorrectionTrialIn
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.web.dispute_pages import case_page, to_case
from marketplace.web.session import who

blueprint = Blueprint("corrections", __name__, url_prefix="/disputes/<uuid:dispute_id>/correction")


@blueprint.post("")
def offer(dispute_id: UUID) -> Response | tuple[str, int]:
    agency = who()
    try:
        given = read_form(ContactCorrectionIn(), request.form)
        with transaction():
            corrections.offer(agency, dispute_id, **given)
    except Refusal as why:
        return case_page(dispute_id, why)
    flash(_("Your correction is with the buyer."), "success")
    return to_case(dispute_id)


@blueprint.post("/trial")
def try_it(dispute_id: UUID) -> Response:
    with transaction():
        tried = corrections.try_it(who(), dispute_id)
    if tried.state == CorrectionState.OFFERED:
        flash(_("It cannot be shown."), "error")
    return to_case(dispute_id)


@blueprint.post("/result")
def say(dispute_id: UUID) -> Response | tuple[str, int]:
    buyer = who()
    try:
        works = read_form(CorrectionTrialIn(), request.form)["works"]
        with transaction():
            said = corrections.say(buyer, dispute_id, works=works)
    except Refusal as why:
        return case_page(dispute_id, why)
    if said.state == CorrectionState.ACCEPTED:
        words = _("The lead is put right, and the dispute is over.")
    elif works:
        words = _("The person no longer wants to be contacted. The dispute goes on.")
    else:
        words = _("The dispute goes on; the person who decides knows.")
    flash(words, "success")
    return to_case(dispute_id)
