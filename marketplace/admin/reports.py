"""The desk of those who look into sales that may not have been reported."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.admin.staff import staff
from marketplace.disputes import doubts
from marketplace.disputes.doubts.deciding import EXPLAINED, Act, go_on
from marketplace.disputes.doubts.schemas import DoubtCallIn, DoubtReasonIn
from marketplace.kit.db import transaction
from marketplace.kit.errors import NotFound, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.leads import Contact
from marketplace.people import Power, Who
from marketplace.people import queries as people
from marketplace.quality import reporting

blueprint = Blueprint("admin_reports", __name__, url_prefix="/admin/reports")

_ROWS = 50


@blueprint.get("")
def index() -> str:
    who = staff(Power.DISPUTES_DECIDE)
    page = reporting.tests_for(who, Ask(request.args.get("cursor"), _ROWS))
    first = "cursor" not in request.args
    return render_template("reports/staff.html", page=page, limits=reporting.LIMITS, is_first=first)


@blueprint.get("/<uuid:buyer_id>")
def show(buyer_id: UUID) -> tuple[str, int]:
    return _page(staff(Power.DISPUTES_DECIDE), buyer_id)


@blueprint.post("/doubts/<uuid:doubt_id>/calls/<uuid:doubt_call_id>")
def call(doubt_id: UUID, doubt_call_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.DISPUTES_DECIDE)
    buyer_id = doubts.doubt_for(who, doubt_id).buyer_id
    try:
        said = read_form(DoubtCallIn(), request.form)
        with transaction():
            doubts.called(who, doubt_id, doubt_call_id, said["finding"], said["note"])
    except Refusal as why:
        return _page(who, buyer_id, why)
    return redirect(url_for(".show", buyer_id=buyer_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/doubts/<uuid:doubt_id>/calls/<uuid:doubt_call_id>/contact")
def contact(doubt_id: UUID, doubt_call_id: UUID) -> Response | tuple[str, int]:
    """Who is to be called; that it was looked at is written down."""
    who = staff(Power.DISPUTES_DECIDE)
    buyer_id = doubts.doubt_for(who, doubt_id).buyer_id
    try:
        with transaction():
            person = doubts.contact_of(who, doubt_id, doubt_call_id)
    except Refusal as why:
        return _page(who, buyer_id, why)
    return _page(who, buyer_id, opened={doubt_call_id: person})


@blueprint.post("/doubts/<uuid:doubt_id>/decision")
def decide(doubt_id: UUID) -> Response | tuple[str, int]:
    """Propose that it is proven, confirm or refuse that, clear the buyer, or lift what followed."""
    who = staff(Power.DISPUTES_DECIDE)
    buyer_id = doubts.doubt_for(who, doubt_id).buyer_id
    try:
        wanted = _act()
        why = read_form(DoubtReasonIn(), request.form)["reasoning"] if wanted in EXPLAINED else ""
        with transaction():
            go_on(who, doubt_id, wanted, why)
    except Refusal as refusal:
        return _page(who, buyer_id, refusal)
    flash(_("Done."), "success")
    return redirect(url_for(".show", buyer_id=buyer_id), HTTPStatus.SEE_OTHER)


def _act() -> Act:
    try:
        return Act(request.form.get("act", ""))
    except ValueError:
        raise NotFound from None


def _page(
    who: Who, buyer_id: UUID, refusal: Refusal | None = None, opened: Mapping[UUID, Contact] = MappingProxyType({})
) -> tuple[str, int]:
    test, doubt = reporting.test_of(buyer_id), doubts.newest_of(buyer_id)
    if test is None and doubt is None:
        raise NotFound
    page = render_template(
        "reports/case.html",
        buyer=people.card(buyer_id),
        test=test,
        limits=reporting.LIMITS,
        nights=reporting.nights_of(buyer_id),
        doubt=doubt,
        calls=doubts.calls_of(doubt) if doubt else [],
        tally=doubts.tally_of(doubt) if doubt else None,
        files=doubts.files_of(doubt) if doubt else [],
        is_own_proposal=doubt is not None and doubt.proposed_by == who.user_id,
        opened=opened,
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK
