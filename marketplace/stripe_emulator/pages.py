"""The hosted checkout: a plain form for the card, and the bank's question. Works without JavaScript."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from marketplace.stripe_emulator import cards
from marketplace.stripe_emulator.amounts import format_amount
from marketplace.stripe_emulator.payments import answer_bank, pay
from marketplace.stripe_emulator.resources.payment_methods import card_of
from marketplace.stripe_emulator.schedule import run_due
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work, World, world_of

pages = Blueprint("pages", __name__)
_PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


@pages.get("/c/pay/<session_id>")
def show(session_id: str) -> AnyResponse:
    with _world().work() as work:
        session = _session(work, session_id)
        intent = work.known(session["payment_intent"]) if session["payment_intent"] else None
    if session["status"] != "open":
        return _closed(session)
    refusal = intent["last_payment_error"] if intent else None
    return _form(session, {"card_number": refusal["message"]} if refusal else {}, 200)


@pages.post("/c/pay/<session_id>")
def submit(session_id: str) -> AnyResponse:
    """Charge the card once. Whoever posts again to a paid session is only shown the way back."""
    world = _world()
    entered = cards.read_entry(request.form, world.now())
    with world.work() as work:
        session = _session(work, session_id)
        if session["status"] == "complete":
            return redirect(_success_url(session), 303)
        if session["status"] == "expired":
            return _closed(session)
        if isinstance(entered, dict):
            return _form(session, entered, 422)
        question_url = f"{world.public_url}/c/pay/{session_id}/bank"
        intent = pay(work, session, entered, question_url=question_url)
    return _after_attempt(session, intent, entered.card.decline)


@pages.get("/c/pay/<session_id>/bank")
def ask(session_id: str) -> AnyResponse:
    with _world().work() as work:
        session = _session(work, session_id)
        intent = _waiting_intent(work, session)
        last4 = work.known(intent["payment_method"])["card"]["last4"] if intent else ""
    if not intent:
        return redirect(url_for("pages.show", session_id=session_id), 303)
    return _page("bank.html", 200, session, last4=last4)


@pages.post("/c/pay/<session_id>/bank")
def answer(session_id: str) -> AnyResponse:
    with _world().work() as work:
        session = _session(work, session_id)
        intent = _waiting_intent(work, session)
        if not intent:
            return redirect(url_for("pages.show", session_id=session_id), 303)
        card = card_of(work.known(intent["payment_method"]))
        is_approved = request.form.get("answer") == "approve"
        intent = answer_bank(work, session, intent, is_approved=is_approved)
    return _after_attempt(session, intent, card.decline if is_approved else cards.NOT_AUTHENTICATED)


def _world() -> World:
    """The world with everything done that was due by now."""
    world = world_of(current_app)
    run_due(world)
    return world


def _session(work: Work, session_id: str) -> Json:
    session = work.rows.find(session_id)
    if session is None or session["object"] != "checkout.session":
        abort(404)
    return session


def _waiting_intent(work: Work, session: Json) -> Json | None:
    if session["status"] != "open" or not session["payment_intent"]:
        return None
    intent = work.known(session["payment_intent"])
    return intent if intent["status"] == "requires_action" else None


def _after_attempt(session: Json, intent: Json, decline: cards.Decline | None) -> AnyResponse:
    if intent["status"] == "succeeded":
        return redirect(_success_url(session), 303)
    if intent["status"] == "requires_action":
        return redirect(url_for("pages.ask", session_id=session["id"]), 303)
    return _form(session, {decline.field: decline.message} if decline else {}, 402)


def _success_url(session: Json) -> str:
    return str(session["success_url"]).replace(_PLACEHOLDER, session["id"])


def _form(session: Json, problems: cards.Problems, status: int) -> AnyResponse:
    entry = {name: request.form.get(name, "") for name in ("card_number", "expiry", "cvc")}
    if cards.may_be_real(entry["card_number"]):
        entry["card_number"] = ""
    return _page("card.html", status, session, problems=problems, entry=entry, cards=cards.CARDS.values())


def _closed(session: Json) -> AnyResponse:
    """Paid, with the way back; or too late."""
    is_paid = session["status"] == "complete"
    return _page("closed.html", 200 if is_paid else 410, session, is_paid=is_paid, success_url=_success_url(session))


def _page(template: str, status: int, session: Json, **values: Any) -> AnyResponse:
    amount = format_amount(session["amount_total"], session["currency"])
    items = [(item["description"], item["quantity"]) for item in session["_line_items"]]
    html = render_template(template, session=session, amount=amount, items=items, **values)
    return _guarded(make_response(html, status), session)


def _guarded(response: Response, session: Json) -> Response:
    """Nothing runs on these pages, and their forms lead here or back to the shop (browsers check redirects too)."""
    shop = {_origin(session[name]) for name in ("success_url", "cancel_url") if session[name]}
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {' '.join(sorted(shop))}"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
