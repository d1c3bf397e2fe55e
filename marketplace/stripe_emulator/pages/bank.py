"""The bank's question about a payment or a card to save that a program began through the API."""

from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.stripe_emulator.amounts import format_amount
from marketplace.stripe_emulator.pages.common import present_world, render
from marketplace.stripe_emulator.paying.checkout import answer_bank
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

pages = Blueprint("bank", __name__)
_INTENTS = {"payment_intent", "setup_intent"}


@pages.get("/bank/<intent_id>")
def ask(intent_id: str) -> Response:
    with present_world().work() as work:
        intent = _intent(work, intent_id)
        if intent["status"] != "requires_action":
            return render("answered.html", 200, is_done=intent["status"] == "succeeded")
        last4 = work.known(intent["payment_method"])["card"]["last4"]
    amount = format_amount(intent["amount"], intent["currency"]) if "amount" in intent else None
    action = url_for("bank.answer", intent_id=intent_id)
    return render("bank.html", 200, leads_to=[_way_back(intent)], amount=amount, last4=last4, action=action)


@pages.post("/bank/<intent_id>")
def answer(intent_id: str) -> Response:
    with present_world().work() as work:
        intent = _intent(work, intent_id)
        if intent["status"] != "requires_action":
            return redirect(url_for("bank.ask", intent_id=intent_id), 303)
        way_back = _way_back(intent)
        intent = answer_bank(work, intent, is_approved=request.form.get("answer") == "approve")
    if not way_back:
        return redirect(url_for("bank.ask", intent_id=intent_id), 303)
    kind, is_done = intent["object"], intent["status"] == "succeeded"
    told = {
        kind: intent_id,
        f"{kind}_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if is_done else "failed",
    }
    return redirect(f"{way_back}{'&' if '?' in way_back else '?'}{urlencode(told)}", 303)


def _intent(work: Work, intent_id: str) -> Json:
    intent = work.rows.find(intent_id)
    if intent is None or intent["object"] not in _INTENTS:
        abort(404)
    return intent


def _way_back(intent: Json) -> str | None:
    way_back: str | None = intent["next_action"]["redirect_to_url"]["return_url"]
    return way_back
