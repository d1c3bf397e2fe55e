"""A buyer's saved cards, and the wallet that fills itself from one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from marketplace import billing
from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.balance import CurrencyIn, currency_of
from marketplace.billing import cards
from marketplace.billing.card_schemas import CardOut, CardSetupOut, RechargeIn, RechargeOut
from marketplace.billing.cards import CardSetup, RechargeLine, SavedCard, Wish
from marketplace.kit import limits
from marketplace.kit.db import transaction

resource = Resource("cards", "Wallet")


class CardsOut(Schema):
    """All of them: there are never many."""

    items = fields.List(fields.Nested(CardOut), required=True)


@resource.get("/wallet/cards")
@resource.response(200, CardsOut)
def saved() -> dict[str, Sequence[SavedCard]]:
    """Your saved cards, the default one first"""
    return {"items": cards.cards_for(caller())}


@resource.post("/wallet/cards")
@takes_key
@resource.response(201, CardSetupOut)
def save() -> CardSetup:
    """Save a card

    It is entered at `setup_url`, on Stripe's page; its owner may be asked by the bank. No money is taken.
    """
    who = caller()
    with transaction():
        limits.spend(cards.PAGES_AN_HOUR, str(who.org_id))
    return cards.open_card_page(who, lambda: once(who, lambda: cards.ask_card(who).id))


@resource.delete("/wallet/cards/<uuid:card_id>")
@resource.response(204)
def remove(card_id: UUID) -> None:
    """Have a card forgotten, here and at Stripe

    A wallet that fills itself from it stops until you choose another one.
    """
    with transaction():
        cards.remove_card(caller(), card_id)


@resource.post("/wallet/cards/<uuid:card_id>/default")
@takes_key
@resource.response(200, CardOut)
def make_default(card_id: UUID) -> SavedCard:
    """Make a card the default one"""
    who = caller()
    with transaction():
        return cards.card_for(who, once(who, lambda: cards.make_default(who, card_id).id))


@resource.get("/wallet/auto-recharge")
@resource.arguments(CurrencyIn, location="query")
@resource.response(200, RechargeOut)
def recharge(query: dict[str, Any]) -> dict[str, Any]:
    """When your wallet fills itself, and how that stands"""
    who = caller()
    currency = currency_of(query, billing.wallet_currencies(who))
    return _told(currency, cards.recharge_for(who, currency))


@resource.put("/wallet/auto-recharge")
@resource.arguments(RechargeIn)
@resource.response(200, RechargeOut)
def set_recharge(wanted: dict[str, Any]) -> dict[str, Any]:
    """Have your wallet fill itself, or not any more

    The card is charged while you are away: at most twice in 24 hours, and never above the daily cap of a wallet.
    """
    who, currency = caller(), wanted["amount"].currency
    with transaction():
        limits.spend(cards.CHANGES_AN_HOUR, str(who.org_id))
    with transaction():
        cards.set_recharge(who, Wish(wanted["on"], wanted["below"], wanted["amount"], wanted["card_id"]))
        return _told(currency, cards.recharge_for(who, currency))


def _told(currency: str, line: RechargeLine | None) -> dict[str, Any]:
    if line is None:
        unset = dict.fromkeys(("below", "amount", "card_id", "pause", "waits_for", "next_at"))
        return {"currency": currency, "on": False, **unset}
    it = line.recharge
    return {
        "currency": currency,
        "on": it.is_on,
        "below": it.below,
        "amount": it.amount,
        "card_id": it.card_id,
        "pause": it.pause,
        "waits_for": line.wait,
        "next_at": it.next_at if line.wait else None,
    }
