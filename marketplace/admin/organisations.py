"""Organisations for staff: those that wait for a check first, one with its people, and the check itself."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.admin.staff import staff
from marketplace.kit.db import transaction
from marketplace.kit.errors import NotFound
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.people import OrgKind, Power, actions, queries, terms

blueprint = Blueprint("admin_organisations", __name__, url_prefix="/admin/organisations")

_ROWS = 50
_SEE_OTHER = 303
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
def show(org_id: UUID) -> str:
    who = staff(Power.ORGANISATIONS_VERIFY)
    org = queries.find_for(who, org_id)
    if org.kind not in _KINDS:
        raise NotFound
    return render_template(
        "admin/organisation.html",
        org=org,
        members=queries.members_for(who, org_id),
        has_terms=queries.has_accepted(org_id),
        documents=terms.DOCUMENTS,
    )


@blueprint.post("/<uuid:org_id>/verification")
def verify(org_id: UUID) -> Response:
    who = staff(Power.ORGANISATIONS_VERIFY)
    with transaction():
        org = actions.verify_organisation(who, org_id)
    flash(_("%(name)s is verified. Its people have been told.", name=org.name), "success")
    return redirect(url_for(".index"), _SEE_OTHER)


def _wanted() -> dict[str, Any]:
    """The filters of the address; what is none of ours counts as not given."""
    kind, checked = request.args.get("kind", ""), request.args.get("checked", "")
    return {
        "kind": kind if kind in _KINDS else "",
        "checked": checked if checked in _CHECKED else "",
        "name": request.args.get("name", "").strip()[:100],
    }
