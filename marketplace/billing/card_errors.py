"""How billing says no about saved cards and wallets that fill themselves."""

from marketplace.billing.recharge_rules import MOST_CARDS
from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.i18n import lazy_gettext as _l


class TooManyCards(Conflict):
    code = "too_many_cards"
    sentence = _l("You have saved %(most)s cards. Remove one first.")

    def __init__(self) -> None:
        super().__init__(str(self.sentence) % {"most": MOST_CARDS})


class NoLongerWanted(Conflict):
    """Something came between the claim of a charge and the charge: nothing was asked of Stripe."""

    code = "no_longer_wanted"


class UnknownCard(Invalid):
    """The card is not one of the buyer's, or was removed."""

    code = "unknown_card"
    sentence = _l("Choose one of your saved cards.")
