"""Pure decisions about top-ups: limits, and how their states may change."""

from collections.abc import Mapping
from datetime import timedelta

from marketplace.billing.models import TopUpState

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
CURRENCIES = ("USD", "EUR", "GBP", "PLN")

#: how long a checkout page stays open (Stripe's least is 30 minutes)
CHECKOUT_TIME = timedelta(minutes=31)

SUGGESTED = (50_00, 100_00, 250_00, 500_00)
