"""Payments and what they brought."""

from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.objects import Payment
from marketplace.billing.gateway.reading import id_of, settlement_of

_SETTLED = "balance_transaction"


class Payments:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, payment_id: str) -> Payment:
        """A payment by its own id."""
        wanted = {"expand": [f"latest_charge.{_SETTLED}"]}
        intent = self._client.ask(lambda api: api.v1.payment_intents.retrieve(payment_id, wanted))
        charge = intent.get("latest_charge")
        return Payment(intent["id"], settlement_of(charge.get(_SETTLED)) if isinstance(charge, dict) else None)

    def of_charge(self, charge_id: str) -> Payment:
        """The payment that a charge belongs to."""
        charge = self._client.ask(lambda api: api.v1.charges.retrieve(charge_id, {"expand": [_SETTLED]}))
        return Payment(id_of(charge.get("payment_intent")) or "", settlement_of(charge.get(_SETTLED)))
