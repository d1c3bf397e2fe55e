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
            "fee_details": [_processing_fee(fee, source["currency"])] if fee else [],
            "net": amount - fee,
            "reporting_category": kind,
            "source": source["id"],
            "status": "available" if at_once else "pending",
            "type": kind,
        }
    )
    if not at_once:
        work.later(available_on, MAKE_AVAILABLE, booked["id"])
    return booked


def make_available(work: Work, transaction_id: str) -> None:
    work.change(work.known(transaction_id), status="available")


def _processing_fee(fee: int, of_currency: str) -> Json:
    return {
        "amount": fee,
        "application": None,
        "currency": of_currency,
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }


@resource.get("/balance_transactions/<transaction_id>")
def retrieve(work: Work, _params: Json, transaction_id: str) -> Json:
    return work.get("balance_transaction", transaction_id)


@resource.get("/balance_transactions")
def list_transactions(work: Work, params: Json) -> Json:
    return page(work, "balance_transaction", "/v1/balance_transactions", _LIST(params, ""))
