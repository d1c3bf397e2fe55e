"""Transfers from our balance to those of connected accounts, and parts of them that come back."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.reading import id_of, money_of, settlement_of, uuid_of
from marketplace.billing.gateway.recipients import Reversal, Transfer, TransferAsk
from marketplace.kit.money import Money

_SETTLED = "balance_transaction"
_WHOLE = {"expand": [_SETTLED, f"reversals.data.{_SETTLED}"]}


class Transfers:
    """Each may raise PaymentsAway, NotAtStripe and TooLittleAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, ask: TransferAsk, key: str) -> Transfer:
        """Move money to a connected account."""
        params = {
            "amount": ask.amount.amount,
            "currency": ask.amount.currency.lower(),
            "destination": ask.account_id,
            "description": ask.label,
            "transfer_group": _group(ask.payout_id),
            "metadata": {"payout": str(ask.payout_id), "call": ask.call},
            "expand": [_SETTLED],
        }
        return _transfer(
            self._client.ask(lambda api: api.v1.transfers.create(params, options={"idempotency_key": key}))
        )

    def get(self, transfer_id: str) -> Transfer:
        """How a transfer stands, with what came back of it."""
        return _transfer(self._client.ask(lambda api: api.v1.transfers.retrieve(transfer_id, _WHOLE)))

    def find(self, ask: TransferAsk) -> Transfer | None:
        """The transfer that this very call made; None when there is none."""
        group = {"transfer_group": _group(ask.payout_id), "limit": 100}
        for found in self._client.each(lambda api: api.v1.transfers.list(group)):
            if (found.get("metadata") or {}).get("call") == ask.call:
                return self.get(found["id"])
        return None

    def take_back(self, transfer_id: str, amount: Money, call: str, key: str) -> Transfer:
        """Have a part of a transfer come back; how the whole transfer stands then."""
        params = {"amount": amount.amount, "metadata": {"call": call}}
        self._client.ask(
            lambda api: api.v1.transfers.reversals.create(transfer_id, params, options={"idempotency_key": key})
        )
        return self.get(transfer_id)

    def find_back(self, transfer_id: str, call: str) -> Transfer | None:
        """The transfer, if this very call has had a part of it come back."""
        found = self.get(transfer_id)
        return found if any(each.call == call for each in found.reversals) else None


def _group(payout_id: UUID) -> str:
    return f"payout_{payout_id}"


def _transfer(found: dict[str, Any]) -> Transfer:
    return Transfer(
        id=found["id"],
        payout_id=uuid_of((found.get("metadata") or {}).get("payout")),
        amount=money_of(found["amount"], found["currency"]),
        account_id=id_of(found.get("destination")) or "",
        arrival_id=id_of(found.get("destination_payment")),
        settlement=settlement_of(found.get(_SETTLED)),
        reversals=tuple(_reversal(each) for each in (found.get("reversals") or {}).get("data", [])),
        made_at=datetime.fromtimestamp(found["created"], UTC),
        call=(found.get("metadata") or {}).get("call", ""),
    )


def _reversal(found: dict[str, Any]) -> Reversal:
    return Reversal(
        id=found["id"],
        amount=money_of(found["amount"], found["currency"]),
        settlement=settlement_of(found.get(_SETTLED)),
        call=(found.get("metadata") or {}).get("call", ""),
    )
