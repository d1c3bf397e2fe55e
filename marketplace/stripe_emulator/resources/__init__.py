"""Stripe's resources, one file each: its objects, its endpoints, and what happens to it by itself.

A further resource is one more file and one more line here.
"""

from collections.abc import Mapping

from marketplace.stripe_emulator.connect import onboarding
from marketplace.stripe_emulator.paying import sessions
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import (
    balance,
    balance_transactions,
    charges,
    checkout_sessions,
    customers,
    events,
    external_accounts,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
)
from marketplace.stripe_emulator.resources.v2 import account_links as account_links_v2
from marketplace.stripe_emulator.resources.v2 import accounts as accounts_v2
from marketplace.stripe_emulator.resources.v2 import events as events_v2
from marketplace.stripe_emulator.world import Action

RESOURCES: tuple[Resource, ...] = (
    balance.resource,
    balance_transactions.resource,
    charges.resource,
    checkout_sessions.resource,
    customers.resource,
    events.resource,
    external_accounts.resource,
    payment_intents.resource,
    payment_methods.resource,
    refunds.resource,
    setup_intents.resource,
    account_links_v2.resource,
    accounts_v2.resource,
    events_v2.resource,
)

ACTIONS: Mapping[str, Action] = {
    balance_transactions.MAKE_AVAILABLE: balance_transactions.make_available,
    charges.SETTLE: charges.settle,
    sessions.EXPIRE: sessions.expire_in_time,
    onboarding.CHECK: onboarding.check,
    refunds.FAIL: refunds.fail,
    refunds.SUCCEED: refunds.succeed,
}
