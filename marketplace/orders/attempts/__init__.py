"""A buyer's tries to reach the person of a lead, each with its time and how it went. They move no money.

A lead is disputed as unreachable only after enough of them: 4 tries on 2 days.
"""

from marketplace.orders.attempts.log import log_attempt
from marketplace.orders.attempts.models import CallAttempt, Result
from marketplace.orders.attempts.queries import attempts_of, spoke, tally_of
from marketplace.orders.attempts.rules import LEAST_DAYS, LEAST_TRIES, Tally

__all__ = [
    "LEAST_DAYS",
    "LEAST_TRIES",
    "CallAttempt",
    "Result",
    "Tally",
    "attempts_of",
    "log_attempt",
    "spoke",
    "tally_of",
]
