"""What a person does on a hosted page: enter a card for a session, and answer the bank's question."""

from marketplace.stripe_emulator.card_entry import Entered
from marketplace.stripe_emulator.declines import NOT_AUTHENTICATED, SETUP_NOT_AUTHENTICATED
from marketplace.stripe_emulator.paying import attempts, intents, sessions, setups
from marketplace.stripe_emulator.resources import payment_methods
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work


def enter_card(work: Work, session: Json, entered: Entered, *, question_url: str) -> Json:
    """One attempt on an open session. Its intent comes back: succeeded, requires_action, or ready for the next."""
    intent = sessions.intent_to_try(work, session)
    method = payment_methods.create(work, entered)
    requested = intent["payment_method_options"]["card"]["request_three_d_secure"]
    if entered.card.wants_owner(requested):
        ask = intents.ask_owner if intent["object"] == "payment_intent" else setups.ask_owner
        return ask(work, intent, method, question_url, session["url"])
    if intent["object"] == "setup_intent":
        return _finished(work, session, attempts.save(work, intent, method))
    return _finished(work, session, attempts.pay(work, intent, method))


def answer_bank_for(work: Work, session: Json, intent: Json, *, is_approved: bool) -> Json:
    """The owner's answer about the intent of a session."""
    return _finished(work, session, answer_bank(work, intent, is_approved=is_approved))


def answer_bank(work: Work, intent: Json, *, is_approved: bool) -> Json:
    """What the card's owner told the bank about an intent that requires action."""
    method = work.known(intent["payment_method"])
    if intent["object"] == "setup_intent":
        if is_approved:
            return attempts.save(work, intent, method)
        return setups.refuse(work, intent, method, SETUP_NOT_AUTHENTICATED)
    if is_approved:
        return attempts.pay(work, intent, method, is_authenticated=True)
    return intents.refuse(work, intent, method, NOT_AUTHENTICATED, None)


def _finished(work: Work, session: Json, intent: Json) -> Json:
    if intent["status"] == "succeeded":
        sessions.complete(work, session)
    return intent
