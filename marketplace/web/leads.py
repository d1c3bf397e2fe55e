"""An agency's own leads: what has become of each. Their contacts are shown to buyers alone."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import catalog, leads
from marketplace.kit.db import transaction
from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.leads import Lead, LeadState
from marketplace.leads.requalify import WAYS, QualificationIn
from marketplace.people import Power
from marketplace.quality import scores
from marketplace.quality.buyers import NEWEST, standings_of
from marketplace.quality.temperature import measured_of
from marketplace.web.lead_story import sales_of, story_of
from marketplace.web.session import who
from marketplace.web.stock import own_leads

blueprint = Blueprint("leads", __name__, url_prefix="/leads")

_ROWS = 25
_LISTINGS = 50


@blueprint.get("")
def index() -> str:
    agency, narrowed = who(), {name: _id_of(name) for name in ("listing", "import")}
    wanted = {f"{name}_id": found for name, found in narrowed.items() if found}
    state = request.args.get("state") if request.args.get("state") in set(LeadState) else None
    page = leads.leads_for(agency, Ask(request.args.get("cursor"), _ROWS), state=state, **wanted)
    from_import = narrowed["import"]
    return render_template(
        "leads/index.html",
        found=own_leads(agency, page.items),
        next_cursor=page.next_cursor,
        state=state or "",
        counts=leads.counts_by_state(agency, **wanted),
        chosen={name: str(found) for name, found in narrowed.items() if found},
        listings=catalog.listings_for(agency, Ask(limit=_LISTINGS)).items,
        listing=catalog.find_for(agency, narrowed["listing"]) if narrowed["listing"] else None,
        file=leads.import_for(agency, from_import) if from_import else None,
        is_first="cursor" not in request.args,
        can_send=agency.can(Power.LEADS_WRITE),
    )


@blueprint.get("/<uuid:lead_id>")
def show(lead_id: UUID) -> str:
    agency = who()
    lead = leads.find_for(agency, lead_id)
    sales = sales_of(agency, lead)
    return render_template(
        "leads/show.html",
        own=own_leads(agency, [lead])[0],
        score=scores.told_of(lead),
        measured=measured_of(lead),
        steps=leads.history_of(lead),
        ways={way: str(words) for way, words in WAYS.items()},
        titles={field.name: _(field.title) for field in catalog.vertical(lead.vertical).fields},
        sales=sales,
        newest=NEWEST,
        standings=standings_of({sale.order.buyer_id for sale in sales}),
        story=story_of(agency, lead, sales),
        file=leads.import_for(agency, lead.import_id) if lead.import_id else None,
        can_withdraw=agency.can(Power.LEADS_WRITE),
        no_contact=_stopped(lead),
    )


def _stopped(lead: Lead) -> datetime | None:
    """Since when the person wants no contact, for who had the lead by then; sent later, it is like any other."""
    since = leads.withdrawn_at([lead.id]).get(lead.id)
    return since if since and since >= lead.received_at else None


@blueprint.post("/<uuid:lead_id>/qualification")
def qualify(lead_id: UUID) -> Response:
    """What the agency found out about need, wish and ability since; an empty field was not asked."""
    asked = {name: value for name, value in request.form.items() if value}
    try:
        found = read_form(QualificationIn(), asked)
        with transaction():
            lead = leads.requalify(who(), lead_id, found)
    except (Conflict, Invalid) as why:
        flash(" ".join(map(str, why.fields.values())) if why.fields else str(why), "warning")
    else:
        flash(_("Saved. The lead is %(qualification)s.", qualification=lead.qualification), "success")
    return redirect(url_for(".show", lead_id=lead_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<uuid:lead_id>/withdrawal")
def withdraw(lead_id: UUID) -> Response:
    try:
        with transaction():
            leads.withdraw(who(), lead_id)
    except Conflict as why:
        flash(str(why), "warning")
    else:
        flash(_("Taken off sale. Those who bought it keep it."), "success")
    return redirect(url_for(".show", lead_id=lead_id), HTTPStatus.SEE_OTHER)


def _id_of(name: str) -> UUID | None:
    """An id in the address; whatever is none narrows nothing."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
