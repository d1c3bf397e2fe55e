"""Pure decisions about wallets that fill themselves: what one waits for, when it tries again, when it stops trying."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.billing.models import Pause, SavedCard
from marketplace.billing.rules import MOST_A_DAY
from marketplace.kit.limits import Limit

#: charges that succeed in 24 hours
MOST_CHARGES = 2
MOST_DECLINES = 4
#: how long after a charge that failed the next one is tried, by how many have failed before it
BACK_OFF = (timedelta(hours=1), timedelta(hours=2), timedelta(hours=4))
#: how many cards an organisation may save
MOST_CARDS = 10
#: an organisation's pages and scripts together
PAGES_AN_HOUR = Limit("card_pages", 20, 3600)
CHANGES_AN_HOUR = Limit("recharge_changes", 30, 3600)
#: how long before a card expires its owner is told
EXPIRES_SOON = timedelta(days=30)
#: what a payment by hand puts right; the others want another card
BY_HAND = frozenset({Pause.DECLINED, Pause.AUTHENTICATION})
#: Stripe's words for: the bank wants to see the card's owner
_OWNER_WANTED = frozenset(
    {"authentication_required", "authentication_not_handled", "payment_intent_authentication_failure"}
)


class Wait(StrEnum):
    """Why a wallet that is on and not paused is not filled now, although it is low."""

    NOT_VERIFIED = "not_verified"
    CHARGEBACK = "chargeback"  # a bank takes a payment of this buyer back
    DEBT = "debt"  # what comes in would pay a debt, not fill the wallet
    CHARGING = "charging"
    BACKING_OFF = "backing_off"
    TWICE_TODAY = "twice_today"
    DAILY_CAP = "daily_cap"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision needs: amounts in minor units, counts of the last 24 hours."""

    is_verified: bool
    has_chargeback: bool
    owes: bool
    is_charging: bool
    next_at: datetime | None
    charged: int
    loaded: int
    amount: int


def wait_of(facts: Facts, now: datetime) -> Wait | None:
    """What a charge waits for; None when nothing is in its way."""
    hindrances = (
        (Wait.NOT_VERIFIED, not facts.is_verified),
        (Wait.CHARGEBACK, facts.has_chargeback),
        (Wait.DEBT, facts.owes),
        (Wait.CHARGING, facts.is_charging),
        (Wait.BACKING_OFF, facts.next_at is not None and facts.next_at > now),
        (Wait.TWICE_TODAY, facts.charged >= MOST_CHARGES),
        (Wait.DAILY_CAP, facts.loaded + facts.amount > MOST_A_DAY),
    )
    return next((wait for wait, is_so in hindrances if is_so), None)


def window(declines: int) -> timedelta:
    """How long a charge that is claimed now keeps others away, should it fail; `declines` have failed before it."""
    return BACK_OFF[min(declines, len(BACK_OFF) - 1)]


def pause_of(why: str, declines: int) -> Pause | None:
    """Whether a charge that failed is the last one: `why` is Stripe's word, `declines` counts it too."""
    if why in _OWNER_WANTED:
        return Pause.AUTHENTICATION
    return Pause.DECLINED if declines >= MOST_DECLINES else None


def is_other(card: SavedCard, before: SavedCard) -> bool:
    """Whether it is another card than before: another number, or the same one renewed."""
    return (card.fingerprint, card.exp_year, card.exp_month) != (
        before.fingerprint, before.exp_year, before.exp_month
    )  # fmt: skip
