"""The only place that knows Stripe's own client. Everything here is a network call: never inside a transaction."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import stripe

from marketplace.billing.errors import (
    BadSignature,
    CardDeclined,
    KeyTaken,
    NotAtStripe,
    PaymentsAway,
    TooLittleAtStripe,
)
from marketplace.kit.errors import Refusal

_TIMEOUT_S = 20
_RETRIES = 2
_TOLERANCE_S = 300
#: where the hosted payment pages live; a stand-in for Stripe serves them itself
_CHECKOUT = "https://checkout.stripe.com"


@dataclass(frozen=True, slots=True)
class News:
    """What a webhook says: that something happened to an object. How the object stands is asked from Stripe.

    `account_id` is the connected account whose object it is; None when it is our own.
    """

    id: str
    type: str
    object_id: str
    account_id: str | None = None


class Client:
    """Stripe's client, with our refusals instead of its exceptions and plain dicts instead of its objects."""

    def __init__(self, secret_key: str, api_base: str, webhook_secret: str) -> None:
        self._stripe = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_base},
            max_network_retries=_RETRIES,
            http_client=stripe.HTTPXClient(timeout=_TIMEOUT_S, allow_sync_methods=True),
        )
        self._webhook_secrets = [secret for each in webhook_secret.split(",") if (secret := each.strip())]
        self.checkout_origin = _CHECKOUT if api_base == stripe.DEFAULT_API_BASE else api_base.rstrip("/")
        self.is_live = secret_key.startswith(("sk_live_", "rk_live_"))

    def ask(self, do: Callable[[Any], Any]) -> dict[str, Any]:
        """Make one call; `do` gets Stripe's client and calls one method.

        Raises:
            PaymentsAway: whether it was done is not known.
            KeyTaken: it was asked for before with other content.
            CardDeclined: the bank says no to the card.
            NotAtStripe: Stripe says no for good.
        """
        try:
            return cast("dict[str, Any]", do(self._stripe).to_dict())
        except stripe.StripeError as error:
            raise _refusal(error) from error

    def each(self, do: Callable[[Any], Any]) -> Iterator[dict[str, Any]]:
        """Everything of a list, page after page, as it is taken. Raises as `ask` does."""
        try:
            for found in do(self._stripe).auto_paging_iter():
                yield found.to_dict()
        except stripe.StripeError as error:
            raise _refusal(error) from error

    def read_event(self, payload: bytes, signature: str) -> News:
        """A webhook's news, of either form that Stripe sends, its signature checked. Raises BadSignature."""
        try:
            text = payload.decode()
            self._verify(text, signature)
            event = json.loads(text)
            news = news_of(event)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadSignature from error
        if bool(event.get("livemode")) != self.is_live:
            raise BadSignature
        return news

    def _verify(self, text: str, signature: str) -> None:
        """Stripe has a secret for each of its endpoints: for our own events, those of accounts, thin ones."""
        if not any(_fits(text, signature, secret) for secret in self._webhook_secrets):
            raise BadSignature


def news_of(event: dict[str, Any]) -> News:
    """An event of either form that Stripe sends."""
    about = event.get("related_object") or (event.get("data") or {}).get("object") or {}
    return News(event["id"], event["type"], str(about.get("id", "")), event.get("account"))


def _fits(text: str, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(text, signature, secret, _TOLERANCE_S))
    except stripe.SignatureVerificationError:
        return False


def _refusal(error: stripe.StripeError) -> Refusal:
    if isinstance(error, stripe.CardError):
        declined = getattr(error.error, "decline_code", None)
        intent = getattr(error.error, "payment_intent", None)
        return CardDeclined(reason=str(declined or error.code or ""), payment=intent["id"] if intent else None)
    if isinstance(error, stripe.IdempotencyError) and error.http_status != HTTPStatus.CONFLICT:
        return KeyTaken()
    if isinstance(error, stripe.InvalidRequestError):
        return TooLittleAtStripe() if error.code == TooLittleAtStripe.code else NotAtStripe()
    return PaymentsAway()
