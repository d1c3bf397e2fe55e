"""Organisations for staff: those that wait for a check first, one with its people, and the check itself."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import catalog
from marketplace.admin.staff import staff
from marketplace.billing import oversight, payouts
from marketplace.billing.payout_wording import ACCOUNT_STATES, hold_of
from marketplace.billing.treasury_schemas import ReasonIn
from marketplace.catalog.wording import grade_terms_in_words
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, NotFound
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.people import OrgKind, Power, Who, actions, queries, terms
from marketplace.people.queries.ties import has_ties
from marketplace.people.schemas import GradeIn
from marketplace.people.wording import GRADES

blueprint = Blueprint("admin_organisations", __name__, url_prefix="/admin/organisations")

_ROWS = 50
_KINDS = (OrgKind.AGENCY.value, OrgKind.BUYER.value)
_CHECKED = {"yes": True, "no": False}


@blueprint.get("")
def index() -> str | Response:
    who = staff(Power.ORGANISATIONS_VERIFY)
    wanted = _wanted()
    if "" in request.args.values():  # an untouched field of the form: the address names what is set
        return redirect(url_for(".index", **{name: value for name, value in wanted.items() if value}))
    page = queries.organisations_for(
        who,
        Ask(request.args.get("cursor"), _ROWS),
        kind=wanted["kind"],
        is_verified=_CHECKED.get(wanted["checked"]),
        name=wanted["name"],
    )
    shown = {name: value for name, value in wanted.items() if value}
    return render_template(
        "admin/organisations.html",
        page=page,
        wanted=wanted,
        clear=url_for(".index") if shown else "",
        first=url_for(".index", **shown) if request.args.get("cursor") else "",
        next=url_for(".index", **shown, cursor=page.next_cursor) if page.next_cursor else "",
    )


@blueprint.get("/<uuid:org_id>")
def show(org_id: UUID) -> tuple[str, int]:
    return _page(staff(Power.ORGANISATIONS_VERIFY), org_id)


@blueprint.post("/<uuid:org_id>/verification")
def verify(org_id: UUID) -> Response:
    who = staff(Power.ORGANISATIONS_VERIFY)
    with transaction():
        org = actions.verify_organisation(who, org_id)
    flash(_("%(name)s is verified. Its owners have been told.", name=org.name), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@blueprint.post("/<uuid:org_id>/grade")
def grade(org_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.SETTINGS_WRITE)
    try:
        given = read_form(GradeIn(), request.form)
        with transaction():
            actions.grade_organisation(who, org_id, **given)
    except Invalid as why:
        return _page(who, org_id, grade_refused=why)
    flash(_("The grade is set. It counts for what is sold from now on, and for payouts."), "success")
    return redirect(url_for(".show", org_id=org_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<uuid:org_id>/payout-hold")
def hold(org_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.MONEY_WRITE)
    try:
        reason = read_form(ReasonIn(), request.form)["reason"]
        with transaction():
            payouts.hold_account(who, org_id, reason)
    except Invalid as why:
        return _page(who, org_id, hold_refused=why)
    flash(_("Payouts to it are stopped."), "success")
    return redirect(url_for(".show", org_id=org_id), HTTPStatus.SEE_OTHER)


def _page(
    who: Who, org_id: UUID, grade_refused: Invalid | None = None, hold_refused: Invalid | None = None
) -> tuple[str, int]:
    org = queries.find_for(who, org_id)
    if org.kind not in _KINDS:
        raise NotFound
    is_near = has_ties(who.user_id, [org_id])
    is_agency, refused = org.kind == OrgKind.AGENCY, grade_refused or hold_refused
    page = render_template(
        "admin/organisation.html",
        org=org,
        members=queries.members_for(who, org_id),
        has_terms=queries.has_accepted(org_id),
        documents=terms.DOCUMENTS,
        grade_terms=grade_terms_in_words(catalog.terms_of_agency(org_id)) if is_agency else [],
        grades=[(code, str(words)) for code, words in GRADES.items()],
        account=payouts.account_of_agency(who, org_id) if is_agency and who.can(Power.LEDGER_READ) else None,
        links=oversight.links_for(who, org_id) if who.can(Power.LEDGER_READ) else [],
        account_states=ACCOUNT_STATES,
        hold_of=hold_of,
        is_near=is_near,
        can_grade=is_agency and not is_near and who.can(Power.SETTINGS_WRITE),
        can_hold=not is_near and who.can(Power.MONEY_WRITE),
        grade_errors=grade_refused.fields if grade_refused else {},
        hold_errors=hold_refused.fields if hold_refused else {},
        values=request.form if refused else {},
    )
    return page, refused.status if refused else HTTPStatus.OK


def _wanted() -> dict[str, Any]:
    """The filters of the address; what is none of ours counts as not given."""
    kind, checked = request.args.get("kind", ""), request.args.get("checked", "")
    return {
        "kind": kind if kind in _KINDS else "",
        "checked": checked if checked in _CHECKED else "",
        "name": request.args.get("name", "").strip()[:100],
    }
