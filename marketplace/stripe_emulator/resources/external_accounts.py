"""External accounts: the bank account that an account is paid out to. The number is not kept, only what it does."""

from marketplace.stripe_emulator.banks import BANKS, Bank, behaviour
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.errors import NoSuchObject
from marketplace.stripe_emulator.protocol.lists import page, paging_params
from marketplace.stripe_emulator.protocol.params import choice
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("external_accounts")
_LIST = paging_params(object=choice("bank_account", "card"))


@resource.get("/accounts/<account_id>/external_accounts")
def list_external(work: Work, params: Json, account_id: str) -> Json:
    theirs = work.within(_account(work, account_id))
    address = f"/v1/accounts/{account_id}/external_accounts"
    return page(theirs, "bank_account", address, _LIST(params, ""), is_current)


@resource.get("/accounts/<account_id>/external_accounts/<bank_id>")
def retrieve(work: Work, _params: Json, account_id: str, bank_id: str) -> Json:
    return work.within(_account(work, account_id)).get("bank_account", bank_id)


def current(work: Work) -> Json | None:
    """Where this account is paid out to. The platform has had a bank from the beginning."""
    found = next((bank for bank in work.all("bank_account") if is_current(bank)), None)
    return found or (None if work.account else work.add(_build(work, BANKS["000123456789"], "Platform", "usd")))


def replace(work: Work, bank: Bank, holder: str, currency: str) -> Json:
    """Pay out to this bank account from now on."""
    for before in [known for known in work.all("bank_account") if is_current(known)]:
        work.change(before, _is_gone=True)
        events.record(work, "account.external_account.deleted", before)
    added = work.add(_build(work, bank, holder, currency))
    events.record(work, "account.external_account.created", added)
    return added


def mark(work: Work, bank: Json, status: str) -> None:
    """`errored`: a payout to it has failed. `verification_failed`: it belongs to somebody else."""
    work.change(bank, status=status)
    events.record(work, "account.external_account.updated", bank)


def is_current(bank: Json) -> bool:
    return not bank["_is_gone"]


def behaviour_of(bank: Json) -> Bank:
    return behaviour(bank["fingerprint"])


def _account(work: Work, account_id: str) -> str:
    found = work.rows.find(account_id)
    if found is None or found["object"] != "v2.core.account" or work.account not in {"", account_id}:
        raise NoSuchObject("account", account_id)
    return account_id


def _build(work: Work, bank: Bank, holder: str, currency: str) -> Json:
    return {
        "id": new_id("ba"),
        "object": "bank_account",
        "account": work.account or None,
        "account_holder_name": holder,
        "account_holder_type": None,
        "account_type": None,
        "available_payout_methods": ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": bank.country,
        "currency": currency,
        "default_for_currency": True,
        "fingerprint": bank.fingerprint,
        "last4": bank.last4,
        "metadata": {},
        "routing_number": "110000000" if bank.country == "US" else None,
        "status": "new",
        "_is_gone": False,
    }
