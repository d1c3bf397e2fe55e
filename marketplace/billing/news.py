"""Which of Stripe's events mean something to billing, and what settles each."""

from marketplace.billing.actions import arrivals, payout_accounts, top_ups
from marketplace.billing.inbox import handles, handles_of_accounts

handles(
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.expired",
    look=lambda gateway, session_id: gateway.checkouts.get(session_id),
)(top_ups.settle_checkout)

handles("charge.updated", look=lambda gateway, charge_id: gateway.payments.of_charge(charge_id))(top_ups.settle_payment)

handles(
    "v2.core.account.updated",
    "v2.core.account.closed",
    "v2.core.account[configuration.recipient].updated",
    "v2.core.account[configuration.recipient].capability_status_updated",
    "v2.core.account[identity].updated",
    "v2.core.account[requirements].updated",
    look=lambda gateway, account_id: gateway.accounts.get(account_id),
)(payout_accounts.settle_account)

handles_of_accounts(
    "account.external_account.created",
    "account.external_account.updated",
    "account.external_account.deleted",
    look=lambda gateway, account_id, _bank_id: gateway.accounts.get(account_id),
)(payout_accounts.settle_account)

handles(
    "transfer.created",
    "transfer.updated",
    "transfer.reversed",
    look=lambda gateway, transfer_id: gateway.transfers.get(transfer_id),
)(arrivals.settle_transfer)

handles_of_accounts(
    "payout.created",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
    look=lambda gateway, account_id, payout_id: gateway.bank_payouts.of_account(account_id, payout_id),
)(arrivals.settle_bank_payout)
