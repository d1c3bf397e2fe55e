"""Saved cards: whose they are at Stripe, the page that saves one, and forgetting one."""

from typing import Any

from marketplace.billing.errors import NotAtStripe
from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.objects import CardPage, CardPageAsk, Customer, CustomerAsk, KeptCard
from marketplace.billing.gateway.reading import card_of, card_page_of, id_of, uuid_of

_CARD = "setup_intent.payment_method"


class Cards:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def open_customer(self, ask: CustomerAsk, key: str) -> Customer:
        """Make a customer of Stripe's for an organisation; Stripe learns its name and no more."""
        params = {"name": ask.name, "metadata": {"organisation": str(ask.org_id)}}
        return _customer(
            self._client.ask(lambda api: api.v1.customers.create(params, options={"idempotency_key": key}))
        )

    def find_customer(self, ask: CustomerAsk) -> Customer | None:
        """The customer that was made for this organisation; None when there is none."""
        since = {"created": {"gte": int(ask.since.timestamp())}, "limit": 100}
        made = (_customer(each) for each in self._client.each(lambda api: api.v1.customers.list(since)))
        return next((customer for customer in made if customer.org_id == ask.org_id), None)

    def open_page(self, ask: CardPageAsk, key: str) -> CardPage:
        """Open a page on which a card is saved for payments while its owner is away."""
        tags = {"card_setup": str(ask.setup_id)}
        params = {
            "mode": "setup",
            "customer": ask.customer,
            "payment_method_types": ["card"],
            "metadata": tags,
            "setup_intent_data": {"metadata": tags},
            "payment_method_options": {"card": {"request_three_d_secure": "any" if ask.needs_3ds else "automatic"}},
            "success_url": ask.back_url,
            "cancel_url": ask.cancel_url,
            "expires_at": int(ask.expires_at.timestamp()),
        }
        return card_page_of(
            self._client.ask(lambda api: api.v1.checkout.sessions.create(params, options={"idempotency_key": key}))
        )

    def page(self, page_id: str) -> CardPage:
        """How a page stands, with the card that was saved on it."""
        wanted = {"expand": [_CARD]}
        return card_page_of(self._client.ask(lambda api: api.v1.checkout.sessions.retrieve(page_id, wanted)))

    def find_page(self, ask: CardPageAsk) -> CardPage | None:
        """The page that was opened for this; None when there is none."""
        theirs = {"customer": ask.customer, "limit": 100, "expand": [f"data.{_CARD}"]}
        pages = (card_page_of(each) for each in self._client.each(lambda api: api.v1.checkout.sessions.list(theirs)))
        return next((page for page in pages if page.setup_id == ask.setup_id), None)

    def of_setup(self, intent_id: str) -> CardPage:
        """The same by the intent behind a page."""
        wanted = {"expand": ["payment_method"]}
        intent = self._client.ask(lambda api: api.v1.setup_intents.retrieve(intent_id, wanted))
        return card_page_of({"metadata": intent.get("metadata"), "setup_intent": intent})

    def get(self, method: str) -> KeptCard:
        """A saved card, or one that was saved once."""
        return _kept(self._client.ask(lambda api: api.v1.payment_methods.retrieve(method)))

    def forget(self, method: str, key: str) -> KeptCard:
        """Have Stripe forget a card; one that it has forgotten before is as good."""
        options = {"idempotency_key": key}
        try:
            return _kept(self._client.ask(lambda api: api.v1.payment_methods.detach(method, options=options)))
        except NotAtStripe:
            found = self.get(method)
            if found.customer is None:
                return found
            raise


def _customer(customer: dict[str, Any]) -> Customer:
    return Customer(customer["id"], uuid_of((customer.get("metadata") or {}).get("organisation")))


def _kept(method: dict[str, Any]) -> KeptCard:
    return KeptCard(id_of(method.get("customer")), card_of(method["id"], method.get("card") or {}))
