"""How an agency stands: its own page, with what would make the grade better, and the same for those who buy from it."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import catalog
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, NotFound, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.people import Power, Who
from marketplace.quality import agencies
from marketplace.quality.agencies import Standing
from marketplace.quality.agencies.rules import CALLS, CLEAN
from marketplace.quality.agencies.schemas import AlarmAppealIn
from marketplace.quality.rating.score import FEWEST_BUYERS, FEWEST_LEADS
from marketplace.quality.rating.ways import MOST_LEADS
from marketplace.web.quality_words import finding_of, reason_of
from marketplace.web.rating_chart import chart_of, thinned
from marketplace.web.session import who

blueprint = Blueprint("quality", __name__)

_WIDE, _NARROW, _ROWS = 740, 358, 26
#: the numbers of the rules that the pages name
_LIMITS = {"leads": FEWEST_LEADS, "buyers": FEWEST_BUYERS, "calls": CALLS, "clean": CLEAN, "looked_ahead": MOST_LEADS}


@blueprint.get("/quality")
def show() -> tuple[str, int]:
    return _own_page(_agency())


@blueprint.post("/quality/alarms/<uuid:alarm_id>/appeal")
def appeal(alarm_id: UUID) -> Response | tuple[str, int]:
    owner = _agency()
    try:
        statement = read_form(AlarmAppealIn(), request.form)["statement"]
        with transaction():
            agencies.appeal(owner, alarm_id, statement)
    except Refusal as why:
        return _own_page(owner, why, alarm_id)
    flash(_("Sent. We will answer, and you will read it here."), "success")
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


@blueprint.get("/agencies/<uuid:agency_id>")
def agency(agency_id: UUID) -> str | Response:
    """The same as buyers see it; an agency's own leads to its own page."""
    reader = who()
    standing = agencies.standing_for(reader, agency_id)
    if reader.is_agency:
        return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)
    watched = agencies.watched(agency_id) if reader.is_staff else []
    holds = agencies.holds_of(agency_id) if reader.is_staff else []
    return render_template("quality/agency.html", **_common(standing), watched=watched, holds=holds)


def _own_page(owner: Who, refusal: Refusal | None = None, about: UUID | None = None) -> tuple[str, int]:
    owner.need(Power.LEADS_READ)
    standing = agencies.standing_for(owner, owner.org_id)
    ways = standing.rating.ways if standing.rating else None
    terms = catalog.terms_by_grade()
    page = render_template(
        "quality/show.html",
        **_common(standing),
        ways=ways,
        terms=[
            (grade, terms[grade]) for grade in dict.fromkeys([standing.grade, ways["goal"]] if ways else ["new", "A"])
        ],
        watched=agencies.watched(owner.org_id),
        holds=agencies.holds_of(owner.org_id),
        prior=agencies.prior_of(standing.rating),
        faults=[(fault, reason_of(fault.fault_reason)) for fault in agencies.faults_of(owner)],
        can_appeal=owner.can(Power.LEADS_WRITE),
        refusal=refusal,
        about=about,
        errors=refusal.fields if isinstance(refusal, Invalid) else {},
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _common(standing: Standing) -> dict[str, Any]:
    """What the agency and buyers see alike."""
    rating = standing.rating
    channels = sorted(rating.channels, key=lambda part: part["n"], reverse=True) if rating else []
    worst = max(channels, key=lambda part: part["faults"] - part["usual_faults"], default=None)
    return {
        "standing": standing,
        "limits": _LIMITS,
        "rating": rating,
        "channels": channels,
        "worst": worst if worst and worst["faults"] > worst["usual_faults"] else None,
        "charts": [
            (chart_of(standing.history, width), shape)
            for width, shape in ((_WIDE, "only-w"), (_NARROW, "only-n d-block"))
        ],
        "finding": finding_of(standing.history),
        "nights": thinned(standing.history)[::-1][:_ROWS],
        "calls": agencies.calls_of(standing.agency.id),
    }


def _agency() -> Who:
    reader = who()
    if not reader.is_agency:
        raise NotFound
    return reader
