"""Refunds: money back to the card. One made before the charge has settled waits for that."""

from marketplace.stripe_emulator.cards import Refunds
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.paying import disputes
from marketplace.stripe_emulator.protocol.errors import InvalidParameter, NotPossible
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import choice, integer, merged, metadata, shape, text
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import balance_transactions, events
from marketplace.stripe_emulator.resources.payment_methods import card_of
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("refunds")
SUCCEED = "refund.succeed"
FAIL = "refund.fail"
_CREATE = shape(
    amount=integer(1),
    charge=text(),
    metadata=metadata(),
    payment_intent=text(),
    reason=choice("duplicate", "fraudulent", "requested_by_customer"),
)
_UPDATE = shape(metadata=metadata())
_LIST = list_params(charge=text(), payment_intent=text())


@resource.post("/refunds")
def create(work: Work, params: Json) -> Json:
    given = _CREATE(params, "")
    charge = _charge(work, given)
    amount = _checked_amount(given, charge)
    refund = work.add(_build(work, given, charge, amount))
    total = charge["amount_refunded"] + amount
    all_of_it = total == charge["amount"]
    work.change(charge, amount_refunded=total, refunded=all_of_it, _refunds=[*charge["_refunds"], refund["id"]])
    if charge["balance_transaction"]:
        _send(work, refund)
    events.record(work, "refund.created", refund)
    events.record(work, "charge.refunded", charge)
    if all_of_it and "_dispute" in charge:
        disputes.rest(work, work.known(charge["_dispute"]))  # there is nothing left to ask about
    return refund


@resource.get("/refunds/<refund_id>")
def retrieve(work: Work, _params: Json, refund_id: str) -> Json:
    return work.get("refund", refund_id)


@resource.get("/refunds")
def list_refunds(work: Work, params: Json) -> Json:
    return page(work, "refund", "/v1/refunds", _LIST(params, ""))


@resource.post("/refunds/<refund_id>")
def update(work: Work, params: Json, refund_id: str) -> Json:
    given = _UPDATE(params, "")
    refund = work.get("refund", refund_id)
    work.change(refund, metadata=merged(refund["metadata"], given.get("metadata", {})))
    _tell_update(work, refund)
    return refund


def send(work: Work, refund: Json) -> None:
    """The charge has settled: the refund that waited for it goes out."""
    if refund["status"] == "pending":
        _send(work, refund)
        _tell_update(work, refund)


def succeed(work: Work, refund_id: str) -> None:
    """A refund under way has arrived."""
    refund = work.known(refund_id)
    if refund["status"] == "pending":
        _book(work, refund)
        _tell_update(work, refund)


def fail(work: Work, refund_id: str) -> None:
    """The bank sends the money back: it is ours again, and the charge counts as not refunded."""
    refund = work.known(refund_id)
    if refund["status"] == "failed":
        return
    charge = work.known(refund["charge"])
    if refund["status"] == "succeeded":
        booked = balance_transactions.book(work, "refund_failure", refund, refund["amount"])
        refund["failure_balance_transaction"] = booked["id"]
    work.change(refund, status="failed", failure_reason="expired_or_canceled_card", pending_reason=None)
    work.change(charge, amount_refunded=charge["amount_refunded"] - refund["amount"], refunded=False)
    events.record(work, "refund.failed", refund)
    _tell_update(work, refund)


def _tell_update(work: Work, refund: Json) -> None:
    events.record(work, "refund.updated", refund)
    events.record(work, "charge.refund.updated", refund)


def _send(work: Work, refund: Json) -> None:
    """On its way at once, later, or at once and then bounced, as the card has it."""
    kind = card_of(work.known(refund["_payment_method"])).refunds
    later = work.now + work.world.delays.refund
    if kind is Refunds.LATER:
        work.change(refund, pending_reason="processing")
        work.later(later, SUCCEED, refund["id"])
        return
    _book(work, refund)
    if kind is Refunds.FAIL_LATER:
        work.later(later, FAIL, refund["id"])


def _book(work: Work, refund: Json) -> None:
    booked = balance_transactions.book(work, "refund", refund, -refund["amount"])
    work.change(refund, status="succeeded", pending_reason=None, balance_transaction=booked["id"])


def _charge(work: Work, given: Json) -> Json:
    """The charge to refund: named itself, or the successful one of a named payment."""
    if ("charge" in given) is ("payment_intent" in given):
        raise InvalidParameter("One of charge and payment_intent must be provided.", code="parameter_missing")
    if "charge" in given:
        charge = work.get("charge", given["charge"], param="charge")
    else:
        intent = work.get("payment_intent", given["payment_intent"], param="payment_intent")
        charge = work.known(intent["latest_charge"]) if intent["latest_charge"] else {"status": "missing"}
    if charge["status"] != "succeeded":
        raise NotPossible("This payment does not have a successful charge to refund.", code="charge_not_refundable")
    if "_dispute" in charge and not work.known(charge["_dispute"])["is_charge_refundable"]:
        message = f"Charge {charge['id']} has been charged back. You cannot issue a refund."
        raise NotPossible(message, code="charge_disputed")
    return charge


def _checked_amount(given: Json, charge: Json) -> int:
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise NotPossible(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = int(given.get("amount", left))
    if amount > left:
        raise NotPossible(
            f"Refund amount ({amount} {charge['currency']}) is greater than unrefunded amount on charge ({left} "
            f"{charge['currency']})",
            param="amount",
        )
    return amount


def _build(work: Work, given: Json, charge: Json, amount: int) -> Json:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": work.now,
        "currency": charge["currency"],
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "failure_balance_transaction": None,
        "failure_reason": None,
        "metadata": given.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "pending_reason": "charge_pending",
        "reason": given.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending",
        "transfer_reversal": None,
        "_payment_method": charge["payment_method"],
    }
