"""What the emulator answers to, and what happens in it by itself. A further resource is one more line here."""

from collections.abc import Mapping

from marketplace.stripe_emulator.connect import onboarding
from marketplace.stripe_emulator.connect import payouts as payout_states
from marketplace.stripe_emulator.paying import disputes as dispute_states
from marketplace.stripe_emulator.paying import sessions
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import (
    balance,
    balance_transactions,
    charges,
    checkout_sessions,
    customers,
    disputes,
    early_fraud_warnings,
    events,
    external_accounts,
    payment_intents,
    payment_methods,
    payouts,
    refunds,
    setup_intents,
    transfer_reversals,
    transfers,
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
    disputes.resource,
    early_fraud_warnings.resource,
    events.resource,
    external_accounts.resource,
    payment_intents.resource,
    payment_methods.resource,
    payouts.resource,
    refunds.resource,
    setup_intents.resource,
    transfer_reversals.resource,
    transfers.resource,
    account_links_v2.resource,
    accounts_v2.resource,
    events_v2.resource,
)

ACTIONS: Mapping[str, Action] = {
    balance_transactions.MAKE_AVAILABLE: balance_transactions.make_available,
    charges.DISPUTE: dispute_states.open_by_card,
    charges.SETTLE: charges.settle,
    charges.WARN: early_fraud_warnings.warn,
    dispute_states.DECIDE: dispute_states.decide,
    dispute_states.DUE: dispute_states.let_pass,
    dispute_states.REST: dispute_states.rest_in_time,
    sessions.EXPIRE: sessions.expire_in_time,
    onboarding.CHECK: onboarding.check,
    payout_states.ARRIVE: payout_states.arrive,
    payout_states.PAY_OUT: payout_states.pay_out,
    payout_states.RETURN: payout_states.send_back,
    payout_states.SEND: payout_states.send,
    refunds.FAIL: refunds.fail,
    refunds.SUCCEED: refunds.succeed,
}
