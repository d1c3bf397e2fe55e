"""What each grade brings, as it was and as it is; new terms from now on."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import catalog
from marketplace.admin.staff import staff
from marketplace.catalog.grade_schemas import GradeTermsIn
from marketplace.catalog.wording import RHYTHMS, percent_words
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.people import Power, Who
from marketplace.people.wording import GRADES

blueprint = Blueprint("admin_terms", __name__, url_prefix="/admin/money/terms")


@blueprint.get("")
def index() -> tuple[str, int]:
    return _page(staff(Power.LEDGER_READ))


@blueprint.post("")
def change() -> Response | tuple[str, int]:
    who = staff(Power.SETTINGS_WRITE)
    no_limit: dict[str, Any] = {"most_unmatured": None} if "no_limit" in request.form else {}
    try:
        given: dict[str, Any] = read_form(GradeTermsIn(), request.form, **no_limit)
        grade, reason = given.pop("grade"), given.pop("reason")
        with transaction():
            catalog.set_grade_terms(who, grade, given, reason)
        flash(_("The new terms hold for what is sold from now on."), "success")
    except Invalid as why:
        return _page(who, why)
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _page(who: Who, refusal: Invalid | None = None) -> tuple[str, int]:
    page = render_template(
        "admin/terms.html",
        history=catalog.all_grade_terms(),
        grades=[(code, str(words)) for code, words in GRADES.items()],
        rhythms={code: str(words) for code, words in RHYTHMS.items()},
        percent_words=percent_words,
        refusal=refusal if refusal and not refusal.fields else None,
        values=request.form if refusal else {},
        errors=refusal.fields if refusal else {},
        can_set=who.can(Power.SETTINGS_WRITE),
    )
    return page, refusal.status if refusal else HTTPStatus.OK
