"""Payouts from balances at Stripe to banks: those of connected accounts, which Stripe makes, and our own sweeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.reading import id_of, money_of, settlement_of, uuid_of
from marketplace.billing.gateway.recipients import BankPayout
from marketplace.kit.money import Money

_SETTLED, _RETURNED = "balance_transaction", "failure_balance_transaction"
_WHOLE = {"expand": [_SETTLED, _RETURNED]}


@dataclass(frozen=True, slots=True)
class SweepAsk:
    """What of our own balance is to go to our own bank."""

    sweep_id: UUID
    amount: Money
    asked_at: datetime
    asked_by: UUID


class BankPayouts:
    """Each may raise PaymentsAway, NotAtStripe and TooLittleAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def of_account(self, account_id: str, payout_id: str) -> BankPayout:
        """A payout of a connected account, with everything that went out with it."""
        theirs = {"stripe_account": account_id}
        found = self._client.ask(lambda api: api.v1.payouts.retrieve(payout_id, options=theirs))
        part = {"payout": payout_id, "limit": 100}
        lines = self._client.each(lambda api: api.v1.balance_transactions.list(part, options=theirs))
        sources = frozenset(source for line in lines if (source := id_of(line.get("source"))))
        return _payout(found, account_id, sources - {payout_id})

    def since(self, account_id: str, since: datetime) -> Iterator[str]:
        """The ids of a connected account's payouts from a moment on, newest first."""
        asked = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        theirs = {"stripe_account": account_id}
        for found in self._client.each(lambda api: api.v1.payouts.list(asked, options=theirs)):
            yield found["id"]

    def send(self, ask: SweepAsk, key: str) -> BankPayout:
        """Send our own money to our own bank."""
        params = {
            "amount": ask.amount.amount,
            "currency": ask.amount.currency.lower(),
            "metadata": {"sweep": str(ask.sweep_id), "by": str(ask.asked_by)},
            "expand": [_SETTLED],
        }
        return _payout(self._client.ask(lambda api: api.v1.payouts.create(params, options={"idempotency_key": key})))

    def get(self, payout_id: str) -> BankPayout:
        """How one of our own payouts stands."""
        return _payout(self._client.ask(lambda api: api.v1.payouts.retrieve(payout_id, _WHOLE)))

    def find(self, ask: SweepAsk) -> BankPayout | None:
        """The payout that was made for this sweep; None when there is none."""
        asked = {"created": {"gte": int(ask.asked_at.timestamp()) - _LOOK_BACK_S}, "limit": 100}
        for found in self._client.each(lambda api: api.v1.payouts.list(asked)):
            if uuid_of((found.get("metadata") or {}).get("sweep")) == ask.sweep_id:
                return self.get(found["id"])
        return None


_LOOK_BACK_S = 3600


def _payout(found: dict[str, Any], account_id: str | None = None, sources: frozenset[str] = frozenset()) -> BankPayout:
    return BankPayout(
        id=found["id"],
        account_id=account_id,
        amount=money_of(found["amount"], found["currency"]),
        status=found["status"],
        why=found.get("failure_code") or "",
        created_at=datetime.fromtimestamp(found["created"], UTC),
        arrives_at=datetime.fromtimestamp(found["arrival_date"], UTC),
        sources=sources,
        sweep_id=uuid_of((found.get("metadata") or {}).get("sweep")),
        asked_by=uuid_of((found.get("metadata") or {}).get("by")),
        settlement=settlement_of(found.get(_SETTLED)),
        return_settlement=settlement_of(found.get(_RETURNED)),
    )
