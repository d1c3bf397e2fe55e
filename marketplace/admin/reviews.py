"""Second looks: decided cases without their decision, and how far reviewers agree."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import catalog
from marketplace.admin.staff import staff
from marketplace.checks import facts_of
from marketplace.disputes import persons, reviews
from marketplace.disputes.reviews.rules import LEAST, is_guideline_poor
from marketplace.disputes.reviews.schemas import ReviewIn
from marketplace.disputes.wording import said_in
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import noted as _n
from marketplace.kit.paging import Ask
from marketplace.people import Power, Who, queries

blueprint = Blueprint("admin_reviews", __name__, url_prefix="/admin/reviews")

_ROWS = 50
_ANSWERS = {100: _n("All back"), 50: _n("Half"), 25: _n("A quarter"), 0: _n("Nothing")}


@blueprint.get("")
def index() -> str:
    who = staff(Power.DISPUTES_DECIDE)
    ratings, returners = reviews.ratings(), reviews.returners_for(who)
    rows = {
        _("A person and a second look"): ratings.people,
        _("A rule and a second look"): ratings.rules,
        _("All who decided a case, appeals too (Fleiss)"): ratings.all,
    }
    return render_template(
        "admin/reviews.html",
        page=reviews.waiting_for(who, Ask(request.args.get("cursor"), _ROWS)),
        rows=rows,
        is_poor=any(is_guideline_poor(each.kappa, each.count) for each in (ratings.people, ratings.all)),
        least=LEAST,
        differences=reviews.differences_for(who),
        answers=_ANSWERS,
        overturns=reviews.overturns(),
        late_answers=persons.answered_late_for(who),
        returners=returners,
        names=queries.names_of(who, set(), {buyer for buyer, _back, _bought in returners}),
    )


@blueprint.get("/<uuid:dispute_id>")
def show(dispute_id: UUID) -> tuple[str, int]:
    return _page(staff(Power.DISPUTES_DECIDE), dispute_id)


@blueprint.post("/<uuid:dispute_id>")
def review(dispute_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.DISPUTES_DECIDE)
    try:
        given = read_form(ReviewIn(), request.form)
        with transaction():
            reviews.review(who, dispute_id, **given)
    except Refusal as why:
        return _page(who, dispute_id, why)
    flash(_("Recorded. No money moves because of it."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _page(who: Who, dispute_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    """The case as both sides told it; never what was decided, and nothing that would tell."""
    line = reviews.case_for(who, dispute_id)
    answers = [(percent, str(_(words))) for percent, words in _ANSWERS.items()]
    page = render_template(
        "admin/review.html",
        line=line,
        said=said_in(line.dispute),
        buyer=queries.card(line.dispute.buyer_id),
        agency=queries.card(line.dispute.agency_id),
        evidence=reviews.evidence_at_decision(line.dispute),
        facts=facts_of(line.lead.checks),
        terms=catalog.terms_at(line.order.listing_id, line.order.listing_version),
        answers=[each for each in answers if each[0] in (0, 100)] if line.order.is_per_sale else answers,
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK
