"""Disputes for both parties: the buyer says what is wrong, the agency answers, both read the decision."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import disputes, orders
from marketplace.disputes import Upload
from marketplace.disputes.rules import ANSWER_TIME, ENDS, hindrance
from marketplace.disputes.schemas import DisputeIn, WordsIn
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.people import Power, Who
from marketplace.web.bodies import takes_evidence
from marketplace.web.dispute_pages import case_page, opening_page, to_case
from marketplace.web.evidence import attachment, picture, uploads
from marketplace.web.session import who
from marketplace.web.shapes import HOUR

blueprint = Blueprint("disputes", __name__)

_ROWS = 25
_TABS: Mapping[str, tuple[str, ...]] = {"open": ("open",), "answered": ("answered",), "ended": tuple(sorted(ENDS))}


@blueprint.get("/disputes")
def index() -> str | Response:
    reader = who()
    if reader.is_staff:
        return redirect(url_for("admin_disputes.index"))
    counts = disputes.counts_by_state(reader)
    tab = request.args.get("state", "")
    page = disputes.disputes_for(reader, Ask(request.args.get("cursor"), _ROWS), states=_TABS.get(tab, ()))
    return render_template(
        "disputes/index.html",
        page=page,
        tabs=_tabs(reader, counts, tab),
        state=tab,
        answer_hours=ANSWER_TIME // HOUR,
    )


@blueprint.get("/orders/<uuid:order_id>/dispute")
def new(order_id: UUID) -> Response | tuple[str, int]:
    buyer = who()
    buyer.need(Power.DISPUTES_WRITE)
    line, newest = orders.line_for(buyer, order_id), disputes.of_order(buyer, order_id)
    if newest and newest.is_open:
        return to_case(newest.id)
    refusal = hindrance(line.order, newest, clock.now())
    if refusal:
        return render_template("disputes/closed.html", line=line, dispute=newest, refusal=refusal), refusal.status
    return opening_page(line)


@blueprint.post("/orders/<uuid:order_id>/dispute")
@takes_evidence(Power.DISPUTES_WRITE)
def create(order_id: UUID) -> Response | tuple[str, int]:
    buyer = who()
    try:
        given = read_form(DisputeIn(), request.form)
        with transaction():
            dispute = disputes.open_dispute(buyer, order_id, **given, files=uploads(request))
    except Refusal as why:
        newest = disputes.of_order(buyer, order_id)
        return to_case(newest.id) if newest and newest.is_open else opening_page(orders.line_for(buyer, order_id), why)
    flash(_("Your dispute is open. The agency has been told."), "success")
    return to_case(dispute.id)


@blueprint.get("/disputes/<uuid:dispute_id>")
def show(dispute_id: UUID) -> Response | tuple[str, int]:
    if who().is_staff:
        return redirect(url_for("admin_disputes.show", dispute_id=dispute_id))
    return case_page(dispute_id)


@blueprint.post("/disputes/<uuid:dispute_id>/answer")
@takes_evidence(Power.DISPUTES_WRITE)
def answer(dispute_id: UUID) -> Response | tuple[str, int]:
    return _say(disputes.answer, dispute_id, _("Your answer is in. The buyer and we can read it."))


@blueprint.post("/disputes/<uuid:dispute_id>/appeal")
@takes_evidence(Power.DISPUTES_WRITE)
def appeal(dispute_id: UUID) -> Response | tuple[str, int]:
    done = _("Your appeal is in. Someone who has not decided this case will decide it.")
    return _say(disputes.appeal, dispute_id, done)


@blueprint.post("/disputes/<uuid:dispute_id>/appeal/answer")
@takes_evidence(Power.DISPUTES_WRITE)
def answer_appeal(dispute_id: UUID) -> Response | tuple[str, int]:
    return _say(disputes.answer_appeal, dispute_id, _("Your answer to the appeal is in."))


@blueprint.post("/disputes/<uuid:dispute_id>/evidence")
@takes_evidence(Power.DISPUTES_WRITE)
def add_evidence(dispute_id: UUID) -> Response | tuple[str, int]:
    try:
        with transaction():
            disputes.add_evidence(who(), dispute_id, uploads(request))
    except Refusal as why:
        return case_page(dispute_id, why)
    return to_case(dispute_id)


@blueprint.post("/disputes/<uuid:dispute_id>/withdrawal")
def withdraw(dispute_id: UUID) -> Response:
    with transaction():
        disputes.withdraw(who(), dispute_id)
    flash(_("The dispute is withdrawn. The money is held until the window closes."), "success")
    return to_case(dispute_id)


@blueprint.post("/disputes/<uuid:dispute_id>/concession")
def concede(dispute_id: UUID) -> Response:
    with transaction():
        disputes.concede(who(), dispute_id)
    flash(_("You agreed with the buyer: the whole price went back."), "success")
    return to_case(dispute_id)


@blueprint.get("/disputes/<uuid:dispute_id>/evidence/<uuid:evidence_id>")
def evidence(dispute_id: UUID, evidence_id: UUID) -> Response:
    return attachment(*disputes.open_for(who(), dispute_id, evidence_id))


@blueprint.get("/disputes/<uuid:dispute_id>/evidence/<uuid:evidence_id>/picture")
def shown_picture(dispute_id: UUID, evidence_id: UUID) -> Response:
    return picture(disputes.picture_for(who(), dispute_id, evidence_id))


def _say(
    act: Callable[[Who, UUID, str, Sequence[Upload]], object], dispute_id: UUID, done: str
) -> Response | tuple[str, int]:
    """A party's words and files go to `act`; `done` tells the party that they arrived."""
    party = who()
    try:
        words = read_form(WordsIn(), request.form)["statement"]
        with transaction():
            act(party, dispute_id, words, uploads(request))
    except Refusal as why:
        return case_page(dispute_id, why)
    flash(done, "success")
    return to_case(dispute_id)


def _tabs(reader: Who, counts: Mapping[str, int], tab: str) -> list[dict[str, Any]]:
    open_word = _("Answer needed") if reader.is_agency else _("Waiting for the agency")
    words = {"": _("All"), "open": open_word, "answered": _("Being decided"), "ended": _("Ended")}
    return [
        {
            "label": label,
            "href": url_for(".index", state=name or None),
            "count": sum(counts.get(state, 0) for state in _TABS.get(name, tuple(counts))),
            "current": name == tab,
        }
        for name, label in words.items()
    ]
