"""Which of Stripe's events mean something to billing, and what settles each."""

from marketplace.billing.actions import top_ups
from marketplace.billing.inbox import handles

handles(
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.expired",
    look=lambda gateway, session_id: gateway.checkouts.get(session_id),
)(top_ups.settle_checkout)

handles("charge.updated", look=lambda gateway, charge_id: gateway.payments.of_charge(charge_id))(top_ups.settle_payment)
