"""Pure decisions about top-ups and refunds to cards: limits, and how their states may change."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from marketplace.billing.models import CardRefundState, TopUpState
from marketplace.kit.money import TRADED

S = TopUpState
_WAITING = frozenset({S.CREATED, S.REQUIRES_ACTION, S.PROCESSING, S.SUCCEEDED, S.EXPIRED, S.FAILED})
ALLOWED: Mapping[TopUpState, frozenset[TopUpState]] = {
    S.CREATED: _WAITING,
    S.REQUIRES_ACTION: _WAITING,
    S.PROCESSING: _WAITING,
    S.SUCCEEDED: frozenset({S.PARTLY_REFUNDED, S.REFUNDED}),
    S.PARTLY_REFUNDED: frozenset({S.SUCCEEDED, S.PARTLY_REFUNDED, S.REFUNDED}),  # a refund may come back
    S.REFUNDED: frozenset({S.SUCCEEDED, S.PARTLY_REFUNDED}),
    S.EXPIRED: frozenset(
        {S.SUCCEEDED, S.FAILED}
    ),  # paid in the last second: the money counts, when it is what was asked
    S.FAILED: frozenset({S.SUCCEEDED, S.FAILED}),
}

R = CardRefundState
REFUND_ALLOWED: Mapping[CardRefundState, frozenset[CardRefundState]] = {
    R.ASKED: frozenset({R.PENDING, R.FAILED}),
    R.PENDING: frozenset({R.SUCCEEDED, R.FAILED}),
    R.SUCCEEDED: frozenset({R.BOUNCED}),
    R.FAILED: frozenset(),
    R.BOUNCED: frozenset(),
}

LEAST = 20_00
MOST_A_DAY = 2_000_00
#: the Stripe account must settle in each of them: a payment is booked in the currency in which it was made
CURRENCIES = TRADED

#: how long a checkout page stays open; Stripe wants at least 30 minutes at the moment of the call, so a call that
#: has to be repeated has half an hour for it
CHECKOUT_TIME = timedelta(minutes=60)

#: the same amount again within this time is a second click, not a second wish
SAME_WISH = timedelta(minutes=10)

#: how long after a payment Stripe still sends its money back to the card
REFUNDABLE_FOR = timedelta(days=180)

SUGGESTED = (50_00, 100_00, 250_00, 500_00)

#: what one member of staff may give away alone, and what two may, in minor units
ALONE, TOGETHER = 100_00, 1_000_00
#: what staff can propose to a second person; a test holds it equal to what is declared
PROPOSALS = ("goodwill", "adjustment", "write_off", "reversal", "claw_back", "promo_grant")


def newest_first(left: Sequence[int], wanted: int) -> list[int]:
    """How much of `wanted` each of these takes, in their order; together less than `wanted` where they do not suffice.

    left, wanted: minor units, >= 0.
    """
    parts = []
    for most in left:
        part = min(most, wanted)
        parts.append(part)
        wanted -= part
    return parts
