"""Hosted checkout pages."""

from contextlib import suppress
from typing import Any

from marketplace.billing.errors import NotAtStripe
from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.objects import CardPage, Checkout, CheckoutAsk
from marketplace.billing.gateway.reading import (
    card_page_of,
    id_of,
    money_of,
    payer_of,
    payment_of,
    tags_of,
    uuid_of,
)

_EXPAND = ["payment_intent.latest_charge.balance_transaction"]


class Checkouts:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, ask: CheckoutAsk, key: str) -> Checkout:
        """Open a page for a card payment."""
        tags = tags_of(ask.top_up_id, ask.payer)
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
        return _checkout(
            self._client.ask(lambda api: api.v1.checkout.sessions.create(params, options={"idempotency_key": key}))
        )

    def get(self, checkout_id: str) -> Checkout:
        """How a page stands."""
        return _checkout(
            self._client.ask(lambda api: api.v1.checkout.sessions.retrieve(checkout_id, {"expand": _EXPAND}))
        )

    def close(self, checkout_id: str, key: str) -> Checkout:
        """Close a page that nobody shall pay any more, unless it is paid or closed already; how it stands then."""
        options = {"idempotency_key": key}
        with suppress(NotAtStripe):
            self._client.ask(lambda api: api.v1.checkout.sessions.expire(checkout_id, options=options))
        return self.get(checkout_id)

    def page(self, checkout_id: str) -> Checkout | CardPage:
        """The same for a page of either kind: one that takes a payment, or one that saves a card."""
        expand = {"expand": [*_EXPAND, "setup_intent.payment_method"]}
        session = self._client.ask(lambda api: api.v1.checkout.sessions.retrieve(checkout_id, expand))
        return card_page_of(session) if session.get("mode") == "setup" else _checkout(session)

    def find(self, ask: CheckoutAsk) -> Checkout | None:
        """The page that was opened for this, whoever may have asked for it; None when there is none."""
        since = {"gte": int(ask.expires_at.timestamp()) - _LOOK_BACK_S}
        listed = self._client.each(lambda api: api.v1.checkout.sessions.list({"created": since, "limit": 100}))
        pages = (_checkout(session) for session in listed)
        return next((page for page in pages if page.top_up_id == ask.top_up_id), None)


_LOOK_BACK_S = 3 * 3600


def _checkout(session: dict[str, Any]) -> Checkout:
    intent = session.get("payment_intent")
    return Checkout(
        id=session["id"],
        top_up_id=uuid_of((session.get("metadata") or {}).get("top_up")),
        url=session.get("url"),
        is_paid=session.get("payment_status") == "paid",
        is_expired=session.get("status") == "expired",
        amount=money_of(session.get("amount_total"), session.get("currency")),
        payment=id_of(intent),
        attempt=payment_of(intent) if isinstance(intent, dict) else None,
        payer=payer_of(session.get("metadata")),
    )
