"""Paying: from the card that was typed to a charge, over the bank's question if it has one."""

from marketplace.stripe_emulator.cards import NOT_AUTHENTICATED, Entered
from marketplace.stripe_emulator.resources import charges, checkout_sessions, payment_intents, payment_methods
from marketplace.stripe_emulator.resources.payment_methods import card_of
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work


def pay(work: Work, session: Json, entered: Entered, *, question_url: str) -> Json:
    """One attempt to pay an open session. The intent comes back: succeeded, requires_action, or ready for the next."""
    intent = checkout_sessions.intent_of(work, session)
    method = payment_methods.create(work, entered, intent["customer"])
    requested = intent["payment_method_options"]["card"]["request_three_d_secure"]
    if entered.card.wants_owner(requested):
        return payment_intents.ask_owner(work, intent, method, question_url, session["url"])
    return _charge(work, session, intent, method, is_authenticated=False)


def answer_bank(work: Work, session: Json, intent: Json, *, is_approved: bool) -> Json:
    """What the card's owner told the bank about an intent that requires action."""
    method = work.known(intent["payment_method"])
    if not is_approved:
        return payment_intents.refuse(work, intent, method, NOT_AUTHENTICATED, None)
    return _charge(work, session, intent, method, is_authenticated=True)


def _charge(work: Work, session: Json, intent: Json, method: Json, *, is_authenticated: bool) -> Json:
    decline = card_of(method).decline
    if decline:
        charge = charges.fail(work, intent, method, decline)
        return payment_intents.refuse(work, intent, method, decline, charge)
    charge = charges.succeed(work, intent, method, is_authenticated=is_authenticated)
    payment_intents.succeed(work, intent, charge)
    checkout_sessions.complete(work, session)
    return intent
