"""Which of Stripe's events mean something to billing, and what settles each."""

from marketplace.billing.actions import arrivals, cards, payments, payout_accounts, refunds, sweeps
from marketplace.billing.gateway import CardPage, Checkout
from marketplace.billing.inbox import handles, handles_of_accounts


@handles(
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    look=lambda gateway, session_id: gateway.checkouts.page(session_id),
)
def settle_page(found: Checkout | CardPage) -> None:
    """A page of Stripe's took a payment, or saved a card."""
    if isinstance(found, CardPage):
        cards.settle_page(found)
    else:
        payments.settle_checkout(found)


handles("setup_intent.succeeded", look=lambda gateway, intent_id: gateway.cards.of_setup(intent_id))(cards.settle_page)

handles(
    "payment_method.detached",
    "payment_method.updated",
    "payment_method.automatically_updated",
    look=lambda gateway, method: gateway.cards.get(method),
)(cards.settle_card)

handles(
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.canceled",
    look=lambda gateway, payment_id: gateway.payments.get(payment_id),
)(payments.settle_payment)

handles(
    "charge.succeeded",
    "charge.failed",
    "charge.updated",
    look=lambda gateway, charge_id: gateway.payments.of_charge(charge_id),
)(payments.settle_payment)

handles("charge.refunded", look=lambda gateway, charge_id: gateway.refunds.of_charge(charge_id))(refunds.settle_refunds)

handles(
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refund.updated",
    look=lambda gateway, refund_id: gateway.refunds.get(refund_id),
)(refunds.settle_refund)

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

handles(
    "payout.created",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
    look=lambda gateway, payout_id: gateway.bank_payouts.get(payout_id),
)(sweeps.settle_sweep)
