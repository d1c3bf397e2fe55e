"""A buyer tries the conversion score on an export of its own CRM."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from marketplace.kit import limits
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal, TooLarge, TooMany
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.people import Power
from marketplace.quality import trials
from marketplace.quality.trials import Choice, ConversionTrial, TrialState, WrongTrialState
from marketplace.web.bodies import takes_leads
from marketplace.web.safety import later
from marketplace.web.session import who
from marketplace.web.trial_words import STEPS, failure_words, question_of, result_of

blueprint = Blueprint("trials", __name__, url_prefix="/score-trials")

_ROWS = 25
_MOVES_BY_ITSELF = (TrialState.SENDING, TrialState.LOOKING, TrialState.RUNNING)
_FILES_AN_HOUR = limits.Limit("trials", 20, 3600)


@blueprint.get("")
def index() -> ResponseReturnValue:
    return _index()


@blueprint.post("")
@takes_leads(Power.ORDERS_WRITE, _FILES_AN_HOUR)
def upload() -> ResponseReturnValue:
    buyer = who()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _index(Invalid(fields={"file": _("Choose a file first.")}))
    with transaction():
        trial_id = trials.begin(buyer, file_name=file.filename).id
    try:
        return _to(_taken_in(trial_id, file))
    except TooLarge as why:
        with transaction():
            trials.discard(buyer, trial_id)
        return _index(Invalid(fields={"file": str(why)}))


@blueprint.get("/<uuid:trial_id>")
def show(trial_id: UUID) -> ResponseReturnValue:
    return _page(trials.trial_for(who(), trial_id))


@blueprint.get("/<uuid:trial_id>/progress")
def progress(trial_id: UUID) -> ResponseReturnValue:
    """The part that moves; in another state the whole page is asked for."""
    row = trials.trial_for(who(), trial_id)
    if row.state != request.args.get("state") or row.state not in _MOVES_BY_ITSELF:
        return Response(headers={"HX-Refresh": "true"})
    return render_template("trials/_live.html", row=row, steps=STEPS)


@blueprint.post("/<uuid:trial_id>/run")
def start(trial_id: UUID) -> ResponseReturnValue:
    buyer = who()
    buyer.need(Power.ORDERS_WRITE)
    try:
        with transaction():
            trials.start(buyer, trial_id, _choice())
    except WrongTrialState as why:
        flash(str(why), "warning")
    except (Invalid, TooMany) as why:
        return _page(trials.trial_for(buyer, trial_id), why), why.status, later(why)
    return _to(trial_id)


@blueprint.post("/<uuid:trial_id>/removal")
def discard(trial_id: UUID) -> ResponseReturnValue:
    try:
        with transaction():
            trials.discard(who(), trial_id)
    except WrongTrialState as why:
        flash(str(why), "warning")
        return _to(trial_id)
    flash(_("Thrown away. The file is removed."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _taken_in(trial_id: UUID, file: FileStorage) -> UUID:
    """Which trial the file belongs to. Raises TooLarge."""
    try:
        return trials.take_in(who(), trial_id, file.stream, most=_most_mib() << 20)
    except WrongTrialState as why:
        flash(str(why), "warning")
        return trial_id


def _index(why: Refusal | None = None) -> ResponseReturnValue:
    buyer = who()
    page = trials.trials_for(buyer, Ask(request.args.get("cursor"), _ROWS))
    content = render_template(
        "trials/index.html",
        page=page,
        can_send=buyer.can(Power.ORDERS_WRITE),
        most_mib=_most_mib(),
        most_rows=trials.MOST_ROWS,
        errors=why.fields if why else {},
        is_first=not request.args.get("cursor"),
    )
    return content, why.status if why else HTTPStatus.OK


def _page(row: ConversionTrial, why: Refusal | None = None) -> str:
    can_send = who().can(Power.ORDERS_WRITE)
    if row.state in _MOVES_BY_ITSELF:
        return render_template("trials/moving.html", row=row, can_send=can_send, steps=STEPS)
    if row.state == TrialState.WAITING:
        question = question_of(row, request.form if why else None)
        failure = failure_words(row) if row.failure and not why else ""
        return render_template(
            "trials/choose.html", row=row, question=question, why=why, failure=failure, can_send=can_send
        )
    if row.state == TrialState.DONE:
        return render_template("trials/done.html", row=row, found=result_of(row), can_send=can_send)
    return render_template("trials/over.html", row=row, failure=failure_words(row), can_send=can_send)


def _choice() -> Choice:
    """What the form says; a place that is no number is no column."""
    target, _sign, value = request.form.get("bought", "").partition(":")
    order = request.form.get("order", "")
    return Choice(_place(target), _place(value), _place(order) if order else None,
                  [_place(each) for each in request.form.getlist("column")])  # fmt: skip


def _place(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else -1  # noqa: PLR2004  # no file has so many columns


def _most_mib() -> int:
    return min(trials.MOST_MIB, int(current_app.extensions["settings"].max_upload_mib))


def _to(trial_id: UUID) -> AnyResponse:
    return redirect(url_for(".show", trial_id=trial_id), HTTPStatus.SEE_OTHER)
