"""Connected accounts of agencies: recipients of Accounts v2, with Stripe's own pages for who they are."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.reading import uuid_of
from marketplace.billing.gateway.recipients import BankAccount, Need, Recipient, RecipientAsk

_WANTED = {"include": ["configuration.recipient", "identity", "requirements"]}
#: an account has few banks: one for each currency that it takes
_BANKS = {"object": "bank_account", "limit": 100}


class Accounts:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, ask: RecipientAsk, key: str) -> Recipient:
        """Open an account that can receive transfers; fees and losses are ours, its owner has the Express dashboard."""
        params = {
            "display_name": ask.name,
            "contact_email": ask.email,
            "dashboard": "express",
            "identity": {"country": ask.country.lower()},
            "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
            "configuration": {
                "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
            },
            "metadata": {"organisation": str(ask.org_id)},
            **_WANTED,
        }
        made = self._client.ask(lambda api: api.v2.core.accounts.create(params, options={"idempotency_key": key}))
        return _recipient(made, ())

    def get(self, account_id: str) -> Recipient:
        """How an account stands, with its banks."""
        account = self._client.ask(lambda api: api.v2.core.accounts.retrieve(account_id, _WANTED))
        banks = self._client.ask(lambda api: api.v1.accounts.external_accounts.list(account_id, _BANKS))
        usual_first = sorted(banks["data"], key=lambda bank: not bank.get("default_for_currency"))
        return _recipient(account, tuple(_bank(bank) for bank in usual_first))

    def find(self, ask: RecipientAsk) -> Recipient | None:
        """The account that was opened for this organisation; None when there is none."""
        found = next((each for each, org_id in self.everybody() if org_id == ask.org_id), None)
        return self.get(found) if found else None

    def everybody(self) -> Iterator[tuple[str, UUID]]:
        """The ids of all accounts that we opened, each with its organisation's."""
        for found in self._client.each(lambda api: api.v2.core.accounts.list({"limit": 100})):
            org_id = uuid_of((found.get("metadata") or {}).get("organisation"))
            if org_id:
                yield found["id"], org_id

    def link(self, account_id: str, back_url: str, again_url: str) -> str:
        """The address of Stripe's page on which the account's owner tells who they are; for one use, soon.

        Args:
            back_url: where the owner comes back to.
            again_url: where an address that was used up or is too old leads to.
        """
        pages = {"return_url": back_url, "refresh_url": again_url}
        use = {"type": "account_onboarding", "account_onboarding": pages}
        params = {"account": account_id, "use_case": use}
        return str(self._client.ask(lambda api: api.v2.core.account_links.create(params))["url"])


def _recipient(account: dict[str, Any], banks: tuple[BankAccount, ...]) -> Recipient:
    applied = (account.get("configuration") or {}).get("recipient") or {}
    standing = (applied.get("capabilities") or {}).get("stripe_balance") or {}
    entries = (account.get("requirements") or {}).get("entries") or []
    return Recipient(
        id=account["id"],
        org_id=uuid_of((account.get("metadata") or {}).get("organisation")),
        country=((account.get("identity") or {}).get("country") or "").upper(),
        transfers=(standing.get("stripe_transfers") or {}).get("status"),
        payouts=(standing.get("payouts") or {}).get("status"),
        needs=tuple(_need(entry) for entry in entries),
        is_closed=bool(account.get("closed")),
        banks=banks,
    )


def _need(entry: dict[str, Any]) -> Need:
    errors = entry.get("errors") or [{}]
    return Need(entry["description"], entry["awaiting_action_from"], errors[0].get("description", ""))


def _bank(bank: dict[str, Any]) -> BankAccount:
    return BankAccount(
        bank.get("bank_name") or "",
        bank.get("last4") or "",
        bank.get("fingerprint") or bank["id"],
        is_card=bank.get("object") == "card",
    )
