"""Saved cards, and wallets that fill themselves from them."""

from marketplace.billing.actions.cards import ask_card, ask_card_once, make_default, remove_card, warn_of_expiry
from marketplace.billing.actions.recharges import Wish, charge_if_low, set_recharge
from marketplace.billing.calls import look_up_card_page, open_card_page
from marketplace.billing.models import CardSetup, CardSetupState, Recharge, SavedCard
from marketplace.billing.queries import (
    NOBODY,
    RechargeLine,
    card_for,
    cards_for,
    low,
    recharge_for,
    recharge_of,
    setup_for,
)
from marketplace.billing.recharge_rules import CHANGES_AN_HOUR, PAGES_AN_HOUR

__all__ = [
    "CHANGES_AN_HOUR",
    "NOBODY",
    "PAGES_AN_HOUR",
    "CardSetup",
    "CardSetupState",
    "Recharge",
    "RechargeLine",
    "SavedCard",
    "Wish",
    "ask_card",
    "ask_card_once",
    "card_for",
    "cards_for",
    "charge_if_low",
    "look_up_card_page",
    "low",
    "make_default",
    "open_card_page",
    "recharge_for",
    "recharge_of",
    "remove_card",
    "set_recharge",
    "setup_for",
    "warn_of_expiry",
]
