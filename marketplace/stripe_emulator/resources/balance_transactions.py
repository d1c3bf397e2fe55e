"""Balance transactions: every change of our money at Stripe, with its fee. Pending first, available later."""

from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import currency, text
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("balance_transactions")
MAKE_AVAILABLE = "balance_transaction.make_available"
_LIST = list_params(currency=currency(), payout=text(), source=text(), type=text())
#: Stripe's category for each type that has one of another name
_CATEGORIES = {
    "payment": "charge",
    "payment_refund": "refund",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
    "transfer_refund": "transfer_reversal",
}


def book(work: Work, kind: str, source: Json, amount: int, *, fee: int = 0, at_once: bool = True) -> Json:
    """One change of the balance by `amount` less `fee`, in minor units of the source's currency."""
    available_on = work.now if at_once else work.now + work.world.delays.funds
    booked = work.add(
        {
            "id": new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": available_on,
            "balance_type": "payments",
            "created": work.now,
            "currency": source["currency"],
            "description": source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [_fee(kind, fee, source["currency"])] if fee else [],
            "net": amount - fee,
            "reporting_category": _category(kind, amount),
            "source": source["id"],
            "status": "available" if at_once else "pending",
            "type": kind,
            "_payout": None,
        }
    )
    if not at_once:
        work.later(available_on, MAKE_AVAILABLE, booked["id"])
    return booked


def make_available(work: Work, transaction_id: str) -> None:
    work.change(work.known(transaction_id), status="available")


def assign(work: Work, of_currency: str, payout_id: str) -> None:
    """Note what an automatic payout pays out: all that is available and no payout's yet, and its own transaction."""
    for booked in work.all("balance_transaction"):
        is_new = booked["currency"] == of_currency and booked["status"] == "available" and not booked.get("_payout")
        if is_new:
            work.change(booked, _payout=payout_id)


def _category(kind: str, amount: int) -> str:
    if kind == "adjustment":
        return "dispute" if amount < 0 else "dispute_reversal"
    return _CATEGORIES.get(kind, kind)


def _fee(kind: str, fee: int, of_currency: str) -> Json:
    return {
        "amount": fee,
        "application": None,
        "currency": of_currency,
        "description": "Dispute fee" if kind == "adjustment" else "Stripe processing fees",
        "type": "stripe_fee",
    }


@resource.get("/balance_transactions/<transaction_id>")
def retrieve(work: Work, _params: Json, transaction_id: str) -> Json:
    return work.get("balance_transaction", transaction_id)


@resource.get("/balance_transactions")
def list_transactions(work: Work, params: Json) -> Json:
    given = _LIST(params, "")
    payout = given.pop("payout", None)
    address = "/v1/balance_transactions"
    return page(work, "balance_transaction", address, given, lambda found: payout in {None, found.get("_payout")})
