"""What a transfer is on the side of the account that receives it: a charge of its own, without a card."""

from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.resources import balance_transactions, charges, events
from marketplace.stripe_emulator.resources.payment_methods import NO_DETAILS
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work


def receive(work: Work, transfer: Json) -> Json:
    """The transfer has reached the account of `work`; its money is available at once."""
    payment = work.add(_build(work, transfer))
    booked = balance_transactions.book(work, "payment", payment, transfer["amount"])
    work.change(payment, balance_transaction=booked["id"])
    return payment


def give_back(work: Work, payment: Json, amount: int) -> Json:
    """A reversal takes `amount` back out of the account of `work`."""
    refund = work.add(
        {
            "id": new_id("pyr"),
            "object": "refund",
            "amount": amount,
            "balance_transaction": None,
            "charge": payment["id"],
            "created": work.now,
            "currency": payment["currency"],
            "failure_balance_transaction": None,
            "metadata": {},
            "payment_intent": None,
            "reason": None,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "succeeded",
            "transfer_reversal": None,
        }
    )
    booked = balance_transactions.book(work, "payment_refund", refund, -amount)
    work.change(refund, balance_transaction=booked["id"])
    total = payment["amount_refunded"] + amount
    refunds = [*payment["_refunds"], refund["id"]]
    work.change(payment, amount_refunded=total, refunded=total == payment["amount"], _refunds=refunds)
    events.record(work, "charge.refunded", payment)
    return refund


def _build(work: Work, transfer: Json) -> Json:
    return {
        "id": new_id("py"),
        "object": "charge",
        **dict.fromkeys(charges.NULL),
        "amount": transfer["amount"],
        "amount_captured": transfer["amount"],
        "amount_refunded": 0,
        "billing_details": NO_DETAILS,
        "captured": True,
        "created": work.now,
        "currency": transfer["currency"],
        "customer": None,
        "description": transfer["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "paid": True,
        "payment_intent": None,
        "payment_method": None,
        "payment_method_details": {"stripe_account": {}, "type": "stripe_account"},
        "receipt_email": None,
        "refunded": False,
        "source_transfer": transfer["id"],
        "status": "succeeded",
        "transfer_group": transfer["transfer_group"],
        "_refunds": [],
    }
