"""The desk of those who decide disputes: the queue, one case with all that is known, the decision, the next case."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import disputes
from marketplace.admin.dispute_case import DECISIONS, case_of
from marketplace.admin.dispute_queue import APPEALS, ENDED, READY, WAITING, Queue, around, queue_of, state_of
from marketplace.admin.staff import staff
from marketplace.disputes import afterthought
from marketplace.disputes.schemas import DecisionIn, RulingIn
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.people import Power, Who

blueprint = Blueprint("admin_disputes", __name__, url_prefix="/admin/disputes")


@blueprint.get("")
def index() -> str:
    who = staff(Power.DISPUTES_DECIDE)
    state = request.args.get("state", READY)
    state = state if state in {WAITING, APPEALS, ENDED} else READY
    queue = queue_of(who, state, request.args.get("reason"), request.args.get("cursor"))
    case = case_of(who, queue.items[0].line, queue) if queue.items else {}
    return render_template("admin/disputes.html", queue=queue, is_list=True, **around(who, queue), **case)


@blueprint.get("/<uuid:dispute_id>")
def show(dispute_id: UUID) -> tuple[str, int]:
    return _page(staff(Power.DISPUTES_DECIDE), dispute_id)


@blueprint.post("/<uuid:dispute_id>/decision")
def decide(dispute_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.DISPUTES_DECIDE)
    queue = _list_of(who, dispute_id)
    try:
        verdict = read_form(DecisionIn(), request.form, **_decision(request.form.get("decision", "")))
        with transaction():
            afterthought.hold(who, dispute_id, verdict)
    except Refusal as why:
        return _page(who, dispute_id, why)
    return _next(queue, dispute_id)


@blueprint.post("/<uuid:dispute_id>/appeals/<any(buyer, agency):side>/decision")
def decide_appeal(dispute_id: UUID, side: str) -> Response | tuple[str, int]:
    who = staff(Power.DISPUTES_DECIDE)
    queue = _list_of(who, dispute_id)
    try:
        ruling = read_form(RulingIn(), request.form, refund_percent=_percent(request.form.get("decision", "")))
        with transaction():
            afterthought.hold(who, dispute_id, ruling, side=side)
    except Refusal as why:
        return _page(who, dispute_id, why)
    return _next(queue, dispute_id)


@blueprint.post("/<uuid:dispute_id>/decision/undo")
def take_back(dispute_id: UUID) -> Response:
    who = staff(Power.DISPUTES_DECIDE)
    disputes.find_for(who, dispute_id)
    try:
        with transaction():
            afterthought.take_back(who, dispute_id)
    except Refusal as why:
        flash(str(why), "warning")
    else:
        flash(_("Taken back: nobody was notified, and no money moved."), "success")
    return redirect(url_for(".show", dispute_id=dispute_id), HTTPStatus.SEE_OTHER)


def _next(queue: Queue, dispute_id: UUID) -> Response:
    """To the case that comes next, or to the list when there is none; a page that has it already is told where."""
    words = _("Decided. Both sides will be told in half a minute.")
    undone = {"words": words, "undo": url_for(".take_back", dispute_id=dispute_id)}
    flash(undone, "success")  # type: ignore[arg-type]  # the session takes any JSON, and the frame tells it apart
    address = queue.address(queue.after(dispute_id))
    if request.headers.get("X-Ahead"):
        return Response(status=HTTPStatus.NO_CONTENT, headers={"X-Next": address})
    return redirect(address, HTTPStatus.SEE_OTHER)


def _list_of(who: Who, dispute_id: UUID) -> Queue:
    """The list in which a case is found now. Raises NotFound."""
    return queue_of(who, state_of(disputes.find_for(who, dispute_id)), request.args.get("reason"))


def _page(who: Who, dispute_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line, queue = disputes.line_for(who, dispute_id), _list_of(who, dispute_id)
    page = render_template(
        "admin/disputes.html",
        queue=queue,
        is_list=False,
        refusal=refusal,
        **around(who, queue),
        **case_of(who, line, queue),
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _percent(value: str) -> int:
    """The share that a button of an appeal stands for. Raises Invalid."""
    if value not in {"0", "25", "50", "100"}:
        raise Invalid(fields={"decision": _("Choose a decision.")})
    return int(value)


def _decision(name: str) -> dict[str, Any]:
    """What a button stands for. Raises Invalid."""
    if name not in DECISIONS:
        raise Invalid(fields={"decision": _("Choose a decision.")})
    _label, _key, outcome, percent = DECISIONS[name]
    return {"outcome": outcome.value, "refund_percent": percent}
