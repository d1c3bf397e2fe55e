"""The page on which the person of a disputed lead says whether they had asked. No sign-in, no part of a contact."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.disputes import persons
from marketplace.disputes.persons import Answer, NoQuestion
from marketplace.kit import limits
from marketplace.kit.db import transaction
from marketplace.web.visitors import go, network, without_referrer

blueprint = Blueprint("persons", __name__)

_LINKS_AN_HOUR = limits.Limit("person_links", 60, 3600)


@blueprint.get("/asked")
def show() -> ResponseReturnValue:
    """Programs that look through letters open every link: only a button answers."""
    token = request.args.get("token", "")
    with transaction():
        limits.spend(_LINKS_AN_HOUR, network())
    try:
        question = persons.question_of(token)
    except NoQuestion as why:
        return _over(why)
    return without_referrer(render_template("persons/ask.html", question=question, token=token))


@blueprint.post("/asked")
def answer() -> ResponseReturnValue:
    with transaction():
        limits.spend(_LINKS_AN_HOUR, network())
    try:
        said = _said()
        with transaction():
            persons.answer(request.form.get("token", ""), said)
    except NoQuestion as why:
        return _over(why)
    return go(url_for(".thanks"))


@blueprint.get("/asked/thanks")
def thanks() -> str:
    return render_template("persons/thanks.html")


def _said() -> Answer:
    try:
        return Answer(request.form.get("answer", ""))
    except ValueError:
        raise NoQuestion from None


def _over(why: NoQuestion) -> Response:
    """The same for a link that was used, has run out, or never was one."""
    response = make_response(render_template("persons/over.html", refusal=why), why.status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
