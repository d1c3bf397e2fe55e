"""Pure decisions about top-ups: limits, and how their states may change."""

from collections.abc import Mapping
from datetime import timedelta

from marketplace.billing.models import TopUpState
from marketplace.kit.money import TRADED

S = TopUpState
ALLOWED: Mapping[TopUpState, frozenset[TopUpState]] = {
    S.CREATED: frozenset({S.PROCESSING, S.SUCCEEDED, S.EXPIRED, S.FAILED}),
    S.PROCESSING: frozenset({S.SUCCEEDED, S.EXPIRED, S.FAILED}),
    S.SUCCEEDED: frozenset(),
    S.EXPIRED: frozenset({S.SUCCEEDED}),  # paid in the last second: the money counts
    S.FAILED: frozenset({S.SUCCEEDED}),
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

SUGGESTED = (50_00, 100_00, 250_00, 500_00)

#: what staff can propose to a second person; a test holds it equal to what is declared
PROPOSALS = ("goodwill", "adjustment", "write_off", "reversal", "claw_back")
