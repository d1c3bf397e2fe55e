"""Transfers: from our balance to that of a connected account, if we have the money and it may receive it."""

from marketplace.stripe_emulator.connect import payouts
from marketplace.stripe_emulator.connect.accounts import can_receive
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.errors import NoSuchObject, NotPossible
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import currency, integer, merged, metadata, shape, text
from marketplace.stripe_emulator.protocol.present import whole_list
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import balance, balance_transactions, destination_payments, events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("transfers")
_CREATE = shape(
    ("amount", "currency", "destination"),
    amount=integer(1, 99_999_999),
    currency=currency(),
    description=text(),
    destination=text(),
    metadata=metadata(),
    transfer_group=text(),
)
_UPDATE = shape(description=text(), metadata=metadata())
_LIST = list_params(destination=text(), transfer_group=text())


@resource.post("/transfers")
def create(work: Work, params: Json) -> Json:
    given = _CREATE(params, "")
    _check_destination(work, given["destination"])
    balance.check(
        work,
        given["currency"],
        given["amount"],
        "You have insufficient available funds in your Stripe account. Try adding funds directly to your available "
        "balance by creating Charges using the 4000000000000077 test card.",
    )
    transfer = work.add(_build(work, given))
    booked = balance_transactions.book(work, "transfer", transfer, -given["amount"])
    theirs = work.within(given["destination"])
    payment = destination_payments.receive(theirs, transfer)
    work.change(transfer, balance_transaction=booked["id"], destination_payment=payment["id"])
    payouts.plan(theirs)
    events.record(work, "transfer.created", transfer)
    return transfer


@resource.get("/transfers/<transfer_id>")
def retrieve(work: Work, _params: Json, transfer_id: str) -> Json:
    return work.get("transfer", transfer_id)


@resource.get("/transfers")
def list_transfers(work: Work, params: Json) -> Json:
    return page(work, "transfer", "/v1/transfers", _LIST(params, ""))


@resource.post("/transfers/<transfer_id>")
def update(work: Work, params: Json, transfer_id: str) -> Json:
    given = _UPDATE(params, "")
    transfer = work.get("transfer", transfer_id)
    given["metadata"] = merged(transfer["metadata"], given.get("metadata", {}))
    work.change(transfer, **given)
    events.record(work, "transfer.updated", transfer)
    return transfer


def _check_destination(work: Work, account_id: str) -> None:
    account = work.rows.find(account_id)
    if account is None or account["object"] != "v2.core.account":
        raise NoSuchObject("destination", account_id, param="destination")
    if not can_receive(account):
        raise NotPossible(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )


def _build(work: Work, given: Json) -> Json:
    transfer_id = new_id("tr")
    return {
        "id": transfer_id,
        "object": "transfer",
        "amount": given["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": work.now,
        "currency": given["currency"],
        "description": given.get("description"),
        "destination": given["destination"],
        "destination_payment": None,
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "reversals": whole_list(f"/v1/transfers/{transfer_id}/reversals", []),
        "reversed": False,
        "source_transaction": None,
        "source_type": "card",
        "transfer_group": given.get("transfer_group"),
    }
