"""Payments and what they brought."""

from contextlib import suppress

from marketplace.billing.errors import NotAtStripe
from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.objects import ChargeAsk, Payment
from marketplace.billing.gateway.reading import id_of, payment_of, tags_of

_ALL_OF_IT = {"expand": ["latest_charge.balance_transaction"]}


class Payments:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, payment_id: str) -> Payment:
        """A payment by its own id."""
        return payment_of(self._client.ask(lambda api: api.v1.payment_intents.retrieve(payment_id, _ALL_OF_IT)))

    def charge(self, ask: ChargeAsk, key: str) -> Payment:
        """Charge a saved card whose owner is away. Raises CardDeclined, also when the bank wants to see the owner."""
        params = {
            "amount": ask.amount.amount,
            "currency": ask.amount.currency.lower(),
            "customer": ask.customer,
            "payment_method": ask.method,
            "payment_method_types": ["card"],
            "description": ask.label,
            "metadata": tags_of(ask.top_up_id, ask.payer),
            "confirm": True,
            "off_session": True,
            "error_on_requires_action": True,
            **_ALL_OF_IT,
        }
        options = {"idempotency_key": key}
        return payment_of(self._client.ask(lambda api: api.v1.payment_intents.create(params, options=options)))

    def cancel(self, payment_id: str, key: str) -> Payment:
        """Call a payment off, unless it is made or called off already; how it stands then."""
        options = {"idempotency_key": key}
        with suppress(NotAtStripe):
            self._client.ask(lambda api: api.v1.payment_intents.cancel(payment_id, options=options))
        return self.get(payment_id)

    def find_charge(self, ask: ChargeAsk) -> Payment | None:
        """The payment that was made of this, however it ended; None when there is none."""
        theirs = {"customer": ask.customer, "created": {"gte": int(ask.since.timestamp())}, "limit": 100}
        made = (payment_of(each) for each in self._client.each(lambda api: api.v1.payment_intents.list(theirs)))
        found = next((payment.id for payment in made if payment.top_up_id == ask.top_up_id), None)
        return self.get(found) if found else None

    def of_charge(self, charge_id: str) -> Payment:
        """The payment that a charge belongs to; a charge without one is none of ours."""
        charge = self._client.ask(lambda api: api.v1.charges.retrieve(charge_id))
        payment_id = id_of(charge.get("payment_intent"))
        if payment_id is None:
            raise NotAtStripe
        return self.get(payment_id)
