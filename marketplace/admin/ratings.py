"""Agencies by their ratings for staff, the alarms that ring, and the answers to appeals."""

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
from marketplace.people import Power
from marketplace.people.wording import GRADES
from marketplace.quality import agencies
from marketplace.quality.agencies.schemas import AlarmAnswerIn

blueprint = Blueprint("admin_ratings", __name__, url_prefix="/admin/ratings")

_ROWS = 50
#: what was typed travels in the cookie
_KEPT = 500


@blueprint.get("")
def index() -> str:
    who = staff(Power.ORGANISATIONS_VERIFY)
    grade = request.args.get("grade", "")
    grade = grade if grade in GRADES else ""
    page = agencies.agencies_for(who, Ask(request.args.get("cursor"), _ROWS), grade=grade)
    return render_template(
        "admin/ratings.html",
        page=page,
        alarms=agencies.open_alarms(who),
        grade=grade,
        grades=[(code, str(words)) for code, words in GRADES.items()],
        night=agencies.newest_night(),
        is_first="cursor" not in request.args,
    )


@blueprint.post("/alarms/<uuid:alarm_id>/answer")
def answer(alarm_id: UUID) -> Response:
    who = staff(Power.SETTINGS_WRITE)
    agency_id = agencies.alarms.known(alarm_id).agency_id
    try:
        said = read_form(AlarmAnswerIn(), request.form)
        with transaction():
            agencies.answer(who, alarm_id, **said)
    except Refusal as why:
        kept = {"typed": request.form.get("reasoning", "")[:_KEPT], "error": str(next(iter(why.fields.values()), why))}
        flash(kept, f"kept:{alarm_id}")  # type: ignore[arg-type]  # the session takes any JSON; its form shows it
    else:
        flash(_("Answered. The agency reads it on its page."), "success")
    return redirect(url_for("quality.agency", agency_id=agency_id), HTTPStatus.SEE_OTHER)
