"""What each grade brings, as it was and as it is; new terms from now on, and an agency's grade by hand."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from marketplace import catalog
from marketplace.admin.staff import staff
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import noted as _n
from marketplace.people import Grade, Power, Who, actions

blueprint = Blueprint("admin_terms", __name__, url_prefix="/admin/terms")

_OK, _SEE_OTHER = 200, 303
_GRADES = validate.OneOf([grade.value for grade in Grade])
_REASON = validate.Length(5, 500)


_RHYTHMS = {"same_day": _n("the same day"), "daily": _n("daily"), "weekly": _n("weekly"), "held": _n("held")}


class TermsForm(Schema):
    grade = fields.String(required=True, validate=_GRADES)
    fee_bp = fields.Integer(validate=validate.Range(0, 10_000))
    reserve_bp = fields.Integer(validate=validate.Range(0, 10_000))
    reserve_days = fields.Integer(validate=validate.Range(0, 365))
    first_payout_days = fields.Integer(validate=validate.Range(0, 365))
    payout_rhythm = fields.String(validate=validate.OneOf(list(_RHYTHMS)))
    reason = fields.String(required=True, validate=_REASON)


class GradeForm(Schema):
    grade = fields.String(required=True, validate=_GRADES)
    reason = fields.String(required=True, validate=_REASON)


@blueprint.get("")
def index() -> tuple[str, int]:
    return _page(staff(Power.LEDGER_READ))


@blueprint.post("")
def change() -> Response | tuple[str, int]:
    who = staff(Power.SETTINGS_WRITE)
    try:
        given: dict[str, Any] = read_form(TermsForm(), request.form)
        grade, reason = given.pop("grade"), given.pop("reason")
        with transaction():
            catalog.set_grade_terms(who, grade, given, reason)
        flash(_("The new terms hold for what is sold from now on."), "success")
    except Invalid as why:
        return _page(who, why)
    return redirect(url_for(".index"), _SEE_OTHER)


@blueprint.post("/agencies/<uuid:org_id>")
def grade_agency(org_id: UUID) -> Response:
    who = staff(Power.SETTINGS_WRITE)
    try:
        given = read_form(GradeForm(), request.form)
        with transaction():
            actions.grade_organisation(who, org_id, given["grade"], given["reason"])
        flash(_("The grade is set."), "success")
    except Invalid as why:
        flash(" ".join(f"{name}: {words}" for name, words in why.fields.items()), "warning")
    return redirect(url_for("admin_organisations.show", org_id=org_id), _SEE_OTHER)


def _page(who: Who, refusal: Invalid | None = None) -> tuple[str, int]:
    page = render_template(
        "admin/terms.html",
        history=catalog.all_grade_terms(),
        grades=[(grade.value, _("new") if grade == Grade.NEW else grade.value) for grade in Grade],
        rhythms={code: _(words) for code, words in _RHYTHMS.items()},
        values=request.form if refusal else {},
        errors=refusal.fields if refusal else {},
        can_set=who.can(Power.SETTINGS_WRITE),
    )
    return page, refusal.status if refusal else _OK
