"""Pure decisions about payouts: how they go on, how an account stands, when and how much may be sent, what is swept."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from marketplace.billing.gateway import BankAccount, Recipient
from marketplace.billing.models import AccountState, PayoutState

S = PayoutState
ALLOWED: Mapping[PayoutState, frozenset[PayoutState]] = {
    S.REQUESTED: frozenset({S.RESERVED}),
    S.RESERVED: frozenset({S.SENDING, S.CANCELED}),
    S.SENDING: frozenset({S.UNKNOWN, S.SENT, S.CANCELED, S.RESERVED}),  # back: Stripe has too little of ours now
    S.UNKNOWN: frozenset({S.SENDING, S.SENT, S.CANCELED, S.RESERVED}),
    S.SENT: frozenset({S.PAID, S.FAILED}),
    S.PAID: frozenset({S.FAILED}),  # some banks send money back days later
    S.FAILED: frozenset({S.PAID}),  # the next try of Stripe, to another bank
    S.CANCELED: frozenset(),
}

#: the smallest payout, in minor units; a smaller one costs more than it is worth
LEAST = 25_00
#: how long no payout follows another, by the rhythm of the agency's grade
WAIT: Mapping[str, timedelta] = {
    "same_day": timedelta(hours=4),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
}
#: the rhythm of a grade that is not paid at all until staff have looked
NEVER = "held"

#: after another bank was given, payouts wait: whoever has taken over an agency's account changes the bank first
BANK_REST = timedelta(days=7)

#: a request may still be on its way to Stripe for so long; before, nothing can be said about what it did
IN_FLIGHT = timedelta(minutes=15)

#: when a payout is tried again that our balance at Stripe did not cover
AGAIN = timedelta(hours=1)

#: after a payout that was refused the clock asks for no other one so soon; people may
AFTER_REFUSAL = timedelta(days=1)

#: what stays at Stripe of our own when we sweep, in basis points of everything that is owed to others
MARGIN_BP = 1_000


def standing_of(found: Recipient, *, was_ready: bool) -> AccountState:
    """How an account stands, from what Stripe says about it; `was_ready`: payouts were possible before."""
    if found.is_closed:
        return AccountState.CLOSED
    if found.transfers == "active" and found.payouts == "active":
        return AccountState.READY
    waits_for_user = any(need.waits_for == "user" for need in found.needs)
    if waits_for_user and not was_ready:
        return AccountState.ONBOARDING
    if "pending" in (found.transfers, found.payouts) and not waits_for_user:
        return AccountState.CHECKING
    return AccountState.RESTRICTED


def bank_digest(banks: tuple[BankAccount, ...]) -> bytes:
    """What tells one set of bank accounts from another; empty when there is none."""
    prints = "\n".join(sorted({bank.fingerprint for bank in banks}))
    return hashlib.sha256(prints.encode()).digest() if banks else b""


def next_at(first_earned: datetime, first_days: int, rhythm: str, last: datetime | None) -> datetime | None:
    """When the next payout may be asked for; None while the rhythm is to pay nothing.

    Args:
        first_earned: when the agency's money became its own for the first time.
        first_days: how many days after that the first payout may be.
        rhythm: one of `WAIT`, or `NEVER`.
        last: when the payout before was asked for.
    """
    if rhythm == NEVER:
        return None
    first = first_earned + timedelta(days=first_days)
    return max(first, last + WAIT[rhythm]) if last else first


def sweepable(at_stripe: int, leaving: int, owed: int, available: int) -> int:
    """How much of our balance at Stripe is our own and may go to our bank, in minor units, never below zero.

    Args:
        at_stripe: our balance there.
        leaving: what is on its way out of it and not accounted for yet.
        owed: everything that belongs to others.
        available: what Stripe would send today.
    """
    margin = -(-owed * MARGIN_BP // 10_000)
    return max(0, min(available, at_stripe - leaving - owed - margin))
