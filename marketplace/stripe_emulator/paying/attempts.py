"""One attempt to charge a card, or to save it."""

from marketplace.stripe_emulator import declines
from marketplace.stripe_emulator.declines import Decline
from marketplace.stripe_emulator.paying import intents, setups
from marketplace.stripe_emulator.resources import charges, payment_methods
from marketplace.stripe_emulator.resources.payment_methods import card_of
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work


def pay(work: Work, intent: Json, method: Json, *, is_authenticated: bool = False, is_away: bool = False) -> Json:
    """Charge the card, whose owner may be away. The intent comes back succeeded, or ready for another card."""
    work.change(method, _is_used=True)
    decline = _decline(work, method, is_away=is_away)
    if decline:
        charge = charges.fail(work, intent, method, decline)
        return intents.refuse(work, intent, method, decline, charge)
    charge = charges.succeed(work, intent, method, is_authenticated=is_authenticated)
    _save(work, method, intent["customer"], intent["setup_future_usage"])
    return intents.succeed(work, intent, charge)


def save(work: Work, setup: Json, method: Json) -> Json:
    """Save the card for payments without its owner. The setup intent comes back succeeded, or ready for another."""
    card = card_of(method)
    if card.decline and not card.can_be_saved:
        return setups.refuse(work, setup, method, card.decline)
    if payment_methods.is_expired(work, method):
        return setups.refuse(work, setup, method, declines.EXPIRED)
    _save(work, method, setup["customer"], setup["usage"])
    return setups.succeed(work, setup, method)


def _decline(work: Work, method: Json, *, is_away: bool) -> Decline | None:
    card = card_of(method)
    if is_away and not card.works_away(is_set_up=method["_is_set_up"]):
        return declines.OWNER_WANTED
    if payment_methods.is_expired(work, method):
        return declines.EXPIRED
    return card.decline


def _save(work: Work, method: Json, customer: str | None, usage: str | None) -> None:
    if customer and usage:
        payment_methods.save_with(work, method, customer, is_set_up=usage == "off_session")
