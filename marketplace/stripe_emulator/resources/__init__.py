"""Stripe's resources, one file each: its objects, its endpoints, and what happens to it by itself.

A further resource is one more file and one more line here.
"""

from collections.abc import Mapping

from marketplace.stripe_emulator.paying import sessions
from marketplace.stripe_emulator.resource import Resource
from marketplace.stripe_emulator.resources import (
    balance,
    balance_transactions,
    charges,
    checkout_sessions,
    customers,
    events,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
)
from marketplace.stripe_emulator.world import Action

RESOURCES: tuple[Resource, ...] = (
    balance.resource,
    balance_transactions.resource,
    charges.resource,
    checkout_sessions.resource,
    customers.resource,
    events.resource,
    payment_intents.resource,
    payment_methods.resource,
    refunds.resource,
    setup_intents.resource,
)

ACTIONS: Mapping[str, Action] = {
    balance_transactions.MAKE_AVAILABLE: balance_transactions.make_available,
    charges.SETTLE: charges.settle,
    sessions.EXPIRE: sessions.expire_in_time,
    refunds.FAIL: refunds.fail,
    refunds.SUCCEED: refunds.succeed,
}
