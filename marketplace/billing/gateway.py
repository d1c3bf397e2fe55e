"""The only place that knows Stripe. Everything here is a network call: never inside a transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import stripe

from marketplace.billing.errors import BadSignature, NotAtStripe, PaymentsAway
from marketplace.kit.errors import Refusal
from marketplace.kit.money import Money

_TIMEOUT_S = 20
_RETRIES = 2
#: where the hosted payment pages live; a stand-in for Stripe serves them itself
_CHECKOUT = "https://checkout.stripe.com"


@dataclass(frozen=True, slots=True)
class CheckoutAsk:
    """What a hosted checkout page is wanted for; `key` makes the call safe to repeat."""

    key: str
    top_up_id: UUID
    amount: Money
    label: str
    back_url: str
    cancel_url: str
    expires_at: datetime
    needs_3ds: bool


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout page as Stripe knows it. `payment` is the payment's id once there is one.

    `top_up_id` is what we wrote on it when it was opened: None on a page that is not ours.
    """

    id: str
    top_up_id: UUID | None
    url: str | None
    is_paid: bool
    is_expired: bool
    amount: Money
    payment: str | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a payment brought in the end: `fee` is what Stripe kept of `amount`, in minor units."""

    id: str
    amount: Money
    fee: int


class Gateway:
    """Calls to Stripe through its own client."""

    def __init__(self, secret_key: str, api_base: str, webhook_secret: str) -> None:
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_base},
            max_network_retries=_RETRIES,
            http_client=stripe.HTTPXClient(timeout=_TIMEOUT_S, allow_sync_methods=True),
        )
        self._webhook_secret = webhook_secret
        self.checkout_origin = _CHECKOUT if api_base == stripe.DEFAULT_API_BASE else api_base.rstrip("/")
        self.is_live = secret_key.startswith(("sk_live_", "rk_live_"))

    def create_checkout(self, ask: CheckoutAsk) -> Checkout:
        """Open a hosted page for a card payment. Raises PaymentsAway, NotAtStripe."""
        tags = {"top_up": str(ask.top_up_id)}
        line = {
            "quantity": 1,
            "price_data": {
                "currency": ask.amount.currency.lower(),
                "unit_amount": ask.amount.amount,
                "product_data": {"name": ask.label},
            },
        }
        params = {
            "mode": "payment",
            "line_items": [line],
            "client_reference_id": str(ask.top_up_id),
            "metadata": tags,
            "payment_intent_data": {"metadata": tags},
            "payment_method_options": {"card": {"request_three_d_secure": "any" if ask.needs_3ds else "automatic"}},
            "success_url": ask.back_url,
            "cancel_url": ask.cancel_url,
            "expires_at": int(ask.expires_at.timestamp()),
        }
        try:
            session = self._client.v1.checkout.sessions.create(
                cast("Any", params), options={"idempotency_key": ask.key}
            )
        except stripe.StripeError as error:
            raise _refusal(error) from error
        return checkout_from(session.to_dict())

    def find_checkout(self, checkout_id: str) -> Checkout:
        """How a checkout page stands. Raises PaymentsAway, NotAtStripe."""
        try:
            return checkout_from(self._client.v1.checkout.sessions.retrieve(checkout_id).to_dict())
        except stripe.StripeError as error:
            raise _refusal(error) from error

    def find_settlement(self, payment: str) -> Settlement | None:
        """What a payment brought, or None while Stripe has not settled it. Raises PaymentsAway, NotAtStripe."""
        try:
            intent = self._client.v1.payment_intents.retrieve(
                payment, {"expand": ["latest_charge.balance_transaction"]}
            ).to_dict()
        except stripe.StripeError as error:
            raise _refusal(error) from error
        settled = (intent.get("latest_charge") or {}).get("balance_transaction")
        if not isinstance(settled, dict):
            return None
        return Settlement(settled["id"], Money(settled["amount"], settled["currency"].upper()), settled["fee"])

    def read_event(self, payload: bytes, signature: str) -> dict[str, Any]:
        """A webhook's event, its signature checked. Raises BadSignature."""
        try:
            event = stripe.Webhook.construct_event(payload, signature, self._webhook_secret)
        except (ValueError, TypeError, stripe.SignatureVerificationError) as error:
            raise BadSignature from error
        plain = cast("dict[str, Any]", event.to_dict())
        if bool(plain.get("livemode")) != self.is_live:
            raise BadSignature
        return plain


def checkout_from(session: dict[str, Any]) -> Checkout:
    """A checkout from Stripe's object, as a call or an event carries it."""
    payment = session.get("payment_intent")
    return Checkout(
        id=session["id"],
        top_up_id=_uuid((session.get("metadata") or {}).get("top_up")),
        url=session.get("url"),
        is_paid=session.get("payment_status") == "paid",
        is_expired=session.get("status") == "expired",
        amount=Money(session.get("amount_total") or 0, str(session.get("currency", "")).upper()),
        payment=payment.get("id") if isinstance(payment, dict) else payment,
    )


def _refusal(error: stripe.StripeError) -> Refusal:
    return NotAtStripe() if isinstance(error, stripe.InvalidRequestError) else PaymentsAway()


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
