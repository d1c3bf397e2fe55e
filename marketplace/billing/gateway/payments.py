"""Payments and what they brought."""

from marketplace.billing.errors import NotAtStripe
from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.objects import Payment
from marketplace.billing.gateway.reading import id_of, payment_of

_ALL_OF_IT = {"expand": ["latest_charge.balance_transaction"]}


class Payments:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, payment_id: str) -> Payment:
        """A payment by its own id."""
        return payment_of(self._client.ask(lambda api: api.v1.payment_intents.retrieve(payment_id, _ALL_OF_IT)))

    def of_charge(self, charge_id: str) -> Payment:
        """The payment that a charge belongs to; a charge without one is none of ours."""
        charge = self._client.ask(lambda api: api.v1.charges.retrieve(charge_id))
        payment_id = id_of(charge.get("payment_intent"))
        if payment_id is None:
            raise NotAtStripe
        return self.get(payment_id)
