"""Calls to people of leads: the queue, one call with its contact, and what it showed."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.admin.staff import staff
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.leads import Contact
from marketplace.people import Power, Who
from marketplace.quality import agencies
from marketplace.quality.agencies.schemas import LeadAuditResultIn
from marketplace.quality.agencies.wording import CALL_STATES, CALLED, FINDINGS
from marketplace.quality.facts import AuditState, Finding

blueprint = Blueprint("admin_calls", __name__, url_prefix="/admin/calls")

_ROWS = 50


@blueprint.get("")
def index() -> str:
    who = staff(Power.DISPUTES_DECIDE)
    state = request.args.get("state", "")
    state = state if state in CALL_STATES else AuditState.WAITING.value
    page = agencies.queue_for(who, Ask(request.args.get("cursor"), _ROWS), state=state)
    tabs = [
        {"label": str(words), "href": url_for(".index", state=code), "current": code == state}
        for code, words in CALL_STATES.items()
    ]
    return render_template("admin/calls.html", page=page, tabs=tabs, state=state, is_first="cursor" not in request.args)


@blueprint.get("/<uuid:audit_id>")
def show(audit_id: UUID) -> tuple[str, int]:
    return _page(staff(Power.DISPUTES_DECIDE), audit_id)


@blueprint.post("/<uuid:audit_id>/contact")
def contact(audit_id: UUID) -> tuple[str, int]:
    """Opened for this one look: it is written down who did."""
    who = staff(Power.DISPUTES_DECIDE)
    try:
        with transaction():
            opened = agencies.open_contact(who, audit_id)
    except Refusal as why:
        return _page(who, audit_id, why)
    return _page(who, audit_id, opened=opened)


@blueprint.post("/<uuid:audit_id>/result")
def result(audit_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.DISPUTES_DECIDE)
    try:
        said = read_form(LeadAuditResultIn(), request.form)
        with transaction():
            agencies.record_call(who, audit_id, Finding(said["finding"]), said["note"])
    except Refusal as why:
        return _page(who, audit_id, why)
    flash(_("Recorded."), "success")
    return redirect(url_for(".show", audit_id=audit_id), HTTPStatus.SEE_OTHER)


def _page(who: Who, audit_id: UUID, refusal: Refusal | None = None, opened: Contact | None = None) -> tuple[str, int]:
    page = render_template(
        "admin/call.html",
        call=agencies.call_for(who, audit_id),
        contact=opened,
        findings=[(finding.value, str(FINDINGS[finding])) for finding in CALLED],
        words=FINDINGS,
        state_words=CALL_STATES,
        refusal=refusal,
        errors=refusal.fields if refusal else {},
    )
    return page, refusal.status if refusal else HTTPStatus.OK
