"""Transfer reversals: money back from a connected account, as long as it still has it."""

from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.errors import NoSuchObject, NotPossible
from marketplace.stripe_emulator.protocol.lists import page, paging_params
from marketplace.stripe_emulator.protocol.params import integer, metadata, shape, text
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import balance, balance_transactions, destination_payments, events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("transfer_reversals")
_CREATE = shape(amount=integer(1), description=text(), metadata=metadata())
_LIST = paging_params()


@resource.post("/transfers/<transfer_id>/reversals")
def create(work: Work, params: Json, transfer_id: str) -> Json:
    given = _CREATE(params, "")
    transfer = work.get("transfer", transfer_id)
    amount = _checked_amount(given, transfer)
    theirs = work.within(transfer["destination"])
    balance.check(
        theirs, transfer["currency"], amount, "The connected account has insufficient funds for this reversal."
    )
    reversal = work.add(_build(work, given, transfer, amount))
    booked = balance_transactions.book(work, "transfer_refund", reversal, amount)
    payment = work.known(transfer["destination_payment"])
    refund = destination_payments.give_back(theirs, payment, amount)
    work.change(reversal, balance_transaction=booked["id"], destination_payment_refund=refund["id"])
    _note(work, transfer, reversal)
    return reversal


@resource.get("/transfers/<transfer_id>/reversals/<reversal_id>")
def retrieve(work: Work, _params: Json, transfer_id: str, reversal_id: str) -> Json:
    reversal = work.get("transfer_reversal", reversal_id)
    if reversal["transfer"] != work.get("transfer", transfer_id)["id"]:
        raise NoSuchObject("transfer_reversal", reversal_id)
    return reversal


@resource.get("/transfers/<transfer_id>/reversals")
def list_reversals(work: Work, params: Json, transfer_id: str) -> Json:
    given = _LIST(params, "") | {"transfer": work.get("transfer", transfer_id)["id"]}
    return page(work, "transfer_reversal", f"/v1/transfers/{transfer_id}/reversals", given)


def _checked_amount(given: Json, transfer: Json) -> int:
    left = transfer["amount"] - transfer["amount_reversed"]
    if left == 0:
        raise NotPossible(f"The transfer {transfer['id']} is already fully reversed.")
    amount = int(given.get("amount", left))
    if amount > left:
        raise NotPossible(
            f"The amount of a reversal ({amount}) cannot be greater than what is left of the transfer ({left}).",
            param="amount",
        )
    return amount


def _note(work: Work, transfer: Json, reversal: Json) -> None:
    """The transfer knows its reversals."""
    total = transfer["amount_reversed"] + reversal["amount"]
    reversals = transfer["reversals"] | {"data": [public(reversal), *transfer["reversals"]["data"]]}
    work.change(transfer, amount_reversed=total, reversed=total == transfer["amount"], reversals=reversals)
    events.record(work, "transfer.reversed", transfer)


def _build(work: Work, given: Json, transfer: Json, amount: int) -> Json:
    return {
        "id": new_id("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": work.now,
        "currency": transfer["currency"],
        "destination_payment_refund": None,
        "metadata": given.get("metadata", {}),
        "source_refund": None,
        "transfer": transfer["id"],
    }
