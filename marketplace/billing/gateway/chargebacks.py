"""Payments that a bank takes back: Stripe calls them disputes."""

from datetime import UTC, datetime
from typing import Any

from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.objects import BankDispute
from marketplace.billing.gateway.reading import id_of, money_of, settlement_of

#: the bank waits for evidence: after what was said to an inquiry it does so once more
_WAITING = frozenset({"warning_needs_response", "needs_response"})


class Chargebacks:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, dispute_id: str) -> BankDispute:
        """How one stands, with what it has moved."""
        return _dispute(self._client.ask(lambda api: api.v1.disputes.retrieve(dispute_id)))

    def answer(self, dispute_id: str, words: str, key: str) -> BankDispute:
        """Send our evidence to the bank; this can be done once for an inquiry, and once when it takes the money."""
        params = {"evidence": {"uncategorized_text": words}, "submit": True}
        return _dispute(
            self._client.ask(lambda api: api.v1.disputes.update(dispute_id, params, options={"idempotency_key": key}))
        )


def _dispute(dispute: dict[str, Any]) -> BankDispute:
    details = dispute.get("evidence_details") or {}
    due = details.get("due_by")
    moved = (settlement_of(each) for each in dispute.get("balance_transactions") or ())
    return BankDispute(
        id=dispute["id"],
        payment=id_of(dispute.get("payment_intent")) or "",
        amount=money_of(dispute["amount"], dispute["currency"]),
        status=dispute["status"],
        reason=dispute.get("reason") or "",
        answer_by=datetime.fromtimestamp(due, UTC) if due else None,
        is_answered=bool(details.get("submission_count")) and dispute["status"] not in _WAITING,
        settlements=tuple(each for each in moved if each),
    )
