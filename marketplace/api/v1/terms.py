"""What each grade brings to an agency, and an agency's grade by hand."""

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from marketplace import catalog
from marketplace.api.caller import caller
from marketplace.api.once import once, once_each
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.catalog import GradeTerms
from marketplace.catalog.grade_schemas import GradeTermsIn, GradeTermsOut
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.people import Grade, Organisation, actions, queries
from marketplace.people.schemas import GradeIn, OrganisationOut

resource = Resource("terms", "Staff")


class TermsAskIn(PageIn):
    grade = fields.String(load_default="", validate=validate.OneOf([grade.value for grade in Grade]))


@resource.get("/grade-terms")
@resource.arguments(TermsAskIn, location="query")
@resource.response(200, page_of(GradeTermsOut))
def all_terms(query: dict[str, Any]) -> Page[GradeTerms]:
    """Terms by grade as they were and are, the newest first

    Of each grade the one with the highest `number` holds.
    """
    return catalog.grade_terms_page_for(caller(), **query)


@resource.post("/grade-terms")
@takes_key
@resource.arguments(GradeTermsIn)
@resource.response(201, GradeTermsOut)
def change_terms(wanted: dict[str, Any]) -> GradeTerms:
    """Set new terms of a grade, from now on: what was sold keeps its own"""
    who = caller()
    grade, reason = wanted["grade"], wanted["reason"]
    changes = {name: value for name, value in wanted.items() if name not in ("grade", "reason")}
    with transaction():
        (made,) = once_each(who, lambda: [{"number": catalog.set_grade_terms(who, grade, changes, reason).number}])
        return catalog.one_of_grade(who, grade, made["number"])


@resource.post("/organisations/<uuid:org_id>/grade")
@takes_key
@resource.arguments(GradeIn)
@resource.response(200, OrganisationOut)
def grade_agency(wanted: dict[str, Any], org_id: UUID) -> Organisation:
    """Set an agency's grade by hand: its next sales and its payouts follow it"""
    who = caller()
    with transaction():
        return queries.find_for(who, once(who, lambda: actions.grade_organisation(who, org_id, **wanted).id))
