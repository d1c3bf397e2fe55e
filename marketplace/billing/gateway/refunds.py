"""Money back to cards."""

from typing import Any

from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.objects import Refund, RefundAsk
from marketplace.billing.gateway.reading import id_of, money_of, settlement_of, uuid_of

_EXPAND = ["balance_transaction", "failure_balance_transaction"]


class Refunds:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, ask: RefundAsk, key: str) -> Refund:
        """Send money back to the card of a payment."""
        params = {
            "payment_intent": ask.payment,
            "amount": ask.amount.amount,
            "reason": "requested_by_customer",
            "metadata": {"card_refund": str(ask.card_refund_id)},
            "expand": _EXPAND,
        }
        return _refund(self._client.ask(lambda api: api.v1.refunds.create(params, options={"idempotency_key": key})))

    def get(self, refund_id: str) -> Refund:
        """How a refund stands."""
        return _refund(self._client.ask(lambda api: api.v1.refunds.retrieve(refund_id, {"expand": _EXPAND})))

    def find(self, ask: RefundAsk) -> Refund | None:
        """The refund that was made for this; None when there is none."""
        made = self._of_payment(ask.payment)
        return next((refund for refund in made if refund.card_refund_id == ask.card_refund_id), None)

    def of_charge(self, charge_id: str) -> list[Refund]:
        """All refunds of a charge."""
        return self._listed({"charge": charge_id})

    def _of_payment(self, payment_id: str) -> list[Refund]:
        return self._listed({"payment_intent": payment_id})

    def _listed(self, of: dict[str, str]) -> list[Refund]:
        params = {**of, "limit": 100, "expand": [f"data.{name}" for name in _EXPAND]}
        return [_refund(each) for each in self._client.each(lambda api: api.v1.refunds.list(params))]


def _refund(refund: dict[str, Any]) -> Refund:
    return Refund(
        id=refund["id"],
        card_refund_id=uuid_of((refund.get("metadata") or {}).get("card_refund")),
        payment=id_of(refund.get("payment_intent")),
        amount=money_of(refund["amount"], refund["currency"]),
        is_done=refund.get("status") == "succeeded",
        is_failed=refund.get("status") in {"failed", "canceled"},
        failure=refund.get("failure_reason") or "",
        settlement=settlement_of(refund.get("balance_transaction")),
        returned=settlement_of(refund.get("failure_balance_transaction")),
    )
