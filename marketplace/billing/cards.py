"""Saved cards, and wallets that fill themselves from them."""

from marketplace.billing.actions.cards import ask_card, ask_card_once, make_default, remove_card, warn_of_expiry
from marketplace.billing.actions.recharges import Wish, charge_if_low, set_recharge
from marketplace.billing.calls import look_up_card_page, open_card_page
from marketplace.billing.models import CardSetup, CardSetupState, Pause, Recharge, SavedCard
from marketplace.billing.queries import (
    NOBODY,
    RechargeLine,
    card_for,
    cards_for,
    low,
    recharge_for,
    recharges_of_card_for,
    setup_for,
)
from marketplace.billing.recharge_rules import (
    CHANGES_AN_HOUR,
    MOST_CARDS,
    MOST_CHARGES,
    MOST_DECLINES,
    PAGES_AN_HOUR,
    Wait,
)

__all__ = [
    "CHANGES_AN_HOUR",
    "MOST_CARDS",
    "MOST_CHARGES",
    "MOST_DECLINES",
    "NOBODY",
    "PAGES_AN_HOUR",
    "CardSetup",
    "CardSetupState",
    "Pause",
    "Recharge",
    "RechargeLine",
    "SavedCard",
    "Wait",
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
    "recharges_of_card_for",
    "remove_card",
    "set_recharge",
    "setup_for",
    "warn_of_expiry",
]
