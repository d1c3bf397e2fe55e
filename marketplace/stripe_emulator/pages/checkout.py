"""The hosted checkout: a plain form for the card, and the bank's question. Works without JavaScript."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.stripe_emulator import card_entry
from marketplace.stripe_emulator.amounts import format_amount
from marketplace.stripe_emulator.cards import CARDS
from marketplace.stripe_emulator.pages.common import present_world, render
from marketplace.stripe_emulator.paying import sessions
from marketplace.stripe_emulator.paying.checkout import answer_bank_for, enter_card
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

pages = Blueprint("checkout", __name__)
_PLACEHOLDER = "{CHECKOUT_SESSION_ID}"
#: the field of the form that a reason is shown at
_FIELDS = {"expired_card": "expiry", "incorrect_cvc": "cvc"}


@pages.get("/c/pay/<session_id>")
def show(session_id: str) -> Response:
    with present_world().work() as work:
        session = _session(work, session_id)
        intent = sessions.intent_of(work, session)
    if session["status"] != "open":
        return _closed(session)
    return _form(session, _problems_of(intent), 200)


@pages.post("/c/pay/<session_id>")
def submit(session_id: str) -> Response:
    """Charge or save the card once. Whoever posts again to a finished session is only shown the way back."""
    world = present_world()
    entered = card_entry.read_entry(request.form, world.now())
    with world.work() as work:
        session = _session(work, session_id)
        if session["status"] == "complete":
            return redirect(_success_url(session), 303)
        if session["status"] == "expired":
            return _closed(session)
        if isinstance(entered, dict):
            return _form(session, entered, 422)
        question_url = f"{world.public_url}/c/pay/{session_id}/bank"
        intent = enter_card(work, session, entered, question_url=question_url)
    return _after_attempt(session, intent)


@pages.get("/c/pay/<session_id>/bank")
def ask(session_id: str) -> Response:
    with present_world().work() as work:
        session = _session(work, session_id)
        intent = _waiting_intent(work, session)
        last4 = work.known(intent["payment_method"])["card"]["last4"] if intent else ""
    if not intent:
        return redirect(url_for("checkout.show", session_id=session_id), 303)
    return _page("bank.html", 200, session, last4=last4, action=url_for("checkout.answer", session_id=session_id))


@pages.post("/c/pay/<session_id>/bank")
def answer(session_id: str) -> Response:
    with present_world().work() as work:
        session = _session(work, session_id)
        intent = _waiting_intent(work, session)
        if not intent:
            return redirect(url_for("checkout.show", session_id=session_id), 303)
        is_approved = request.form.get("answer") == "approve"
        intent = answer_bank_for(work, session, intent, is_approved=is_approved)
    return _after_attempt(session, intent)


def _session(work: Work, session_id: str) -> Json:
    session = work.rows.find(session_id)
    if session is None or session["object"] != "checkout.session":
        abort(404)
    return session


def _waiting_intent(work: Work, session: Json) -> Json | None:
    intent = sessions.intent_of(work, session) if session["status"] == "open" else None
    return intent if intent and intent["status"] == "requires_action" else None


def _after_attempt(session: Json, intent: Json) -> Response:
    if intent["status"] == "succeeded":
        return redirect(_success_url(session), 303)
    if intent["status"] == "requires_action":
        return redirect(url_for("checkout.ask", session_id=session["id"]), 303)
    return _form(session, _problems_of(intent), 402)


def _problems_of(intent: Json | None) -> card_entry.Problems:
    """Why the last attempt failed, at its field."""
    error = (intent or {}).get("last_payment_error") or (intent or {}).get("last_setup_error")
    return {_FIELDS.get(error["code"], "card_number"): error["message"]} if error else {}


def _success_url(session: Json) -> str:
    return str(session["success_url"]).replace(_PLACEHOLDER, session["id"])


def _form(session: Json, problems: card_entry.Problems, status: int) -> Response:
    entry = {name: request.form.get(name, "") for name in ("card_number", "expiry", "cvc")}
    if card_entry.may_be_real(entry["card_number"]):
        entry["card_number"] = ""
    return _page("card.html", status, session, problems=problems, entry=entry, cards=CARDS.values())


def _closed(session: Json) -> Response:
    """Paid, with the way back; or too late."""
    is_done = session["status"] == "complete"
    return _page("closed.html", 200 if is_done else 410, session, is_done=is_done, success_url=_success_url(session))


def _page(template: str, status: int, session: Json, **values: Any) -> Response:
    amount = format_amount(session["amount_total"], session["currency"]) if session["mode"] == "payment" else None
    purpose = f"Pay {amount}" if amount else "Save card"
    items = [(item["description"], item["quantity"]) for item in session["_line_items"]]
    shown = {"session": session, "amount": amount, "purpose": purpose, "items": items}
    return render(template, status, leads_to=(session["success_url"], session["cancel_url"]), **shown, **values)
