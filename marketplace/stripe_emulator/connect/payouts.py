"""The life of a payout: made, sent, arrived, or sent back by the bank. Connected accounts get theirs by themselves."""

from marketplace.stripe_emulator.connect import accounts
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.resources import balance, balance_transactions, events, external_accounts
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

PAY_OUT = "account.pay_out"
SEND = "payout.send"
ARRIVE = "payout.arrive"
RETURN = "payout.return"


def plan(work: Work) -> None:
    """Pay the connected account of `work` out in due time."""
    work.later(work.now + work.world.delays.payout, PAY_OUT, work.account)


def pay_out(work: Work, account_id: str) -> None:
    """All available money of a connected account, as long as its bank takes it."""
    theirs, account = work.within(account_id), work.known(account_id)
    bank = external_accounts.current(theirs)
    if bank is None or not accounts.can_pay_out(account):
        return
    for currency, amount in balance.available(theirs).items():
        if amount > 0:
            payout = make(theirs, bank, {"amount": amount, "currency": currency}, is_automatic=True)
            balance_transactions.assign(theirs, currency, payout["id"])


def make(work: Work, bank: Json, given: Json, *, is_automatic: bool = False) -> Json:
    """Take the money out of the balance, and send it a little later."""
    payout = work.add(_build(work, bank, given, is_automatic=is_automatic))
    booked = balance_transactions.book(work, "payout", payout, -payout["amount"])
    work.change(payout, balance_transaction=booked["id"])
    work.later(work.now + work.world.delays.sending, SEND, payout["id"])
    events.record(work, "payout.created", payout)
    return payout


def cancel(work: Work, payout: Json) -> Json:
    booked = balance_transactions.book(work, "payout_cancel", payout, payout["amount"])
    work.change(payout, status="canceled", failure_balance_transaction=booked["id"])
    events.record(work, "payout.canceled", payout)
    return payout


def send(work: Work, payout_id: str) -> None:
    payout = work.known(payout_id)
    if payout["status"] == "pending":
        work.change(payout, status="in_transit")
        work.later(work.now + work.world.delays.arrival, ARRIVE, payout_id)
        events.record(work, "payout.updated", payout)


def arrive(work: Work, payout_id: str) -> None:
    payout = work.known(payout_id)
    bank = external_accounts.behaviour_of(work.known(payout["destination"]))
    if bank.failure and not bank.is_returned_late:
        send_back(work, payout_id)
        return
    work.change(payout, status="paid")
    events.record(work, "payout.paid", payout)
    if bank.failure:
        work.later(work.now + work.world.delays.arrival, RETURN, payout_id)


def send_back(work: Work, payout_id: str) -> None:
    """The bank does not take it: the money is in the balance again, and this bank gets nothing more."""
    payout = work.known(payout_id)
    bank = work.known(payout["destination"])
    failure = external_accounts.behaviour_of(bank).failure
    booked = balance_transactions.book(work, "payout_failure", payout, payout["amount"])
    work.change(
        payout,
        status="failed",
        failure_balance_transaction=booked["id"],
        failure_code=failure.code if failure else "could_not_process",
        failure_message=failure.message if failure else "The bank could not process this payout.",
    )
    events.record(work, "payout.failed", payout)
    external_accounts.mark(work, bank, "errored")
    if work.account and external_accounts.is_current(bank):
        accounts.change(work.within(""), work.known(work.account), _bank_status="errored")


_NULL = (  # until something fills them
    "application_fee",
    "application_fee_amount",
    "balance_transaction",
    "failure_balance_transaction",
    "failure_code",
    "failure_message",
    "original_payout",
    "payout_method",
    "reversed_by",
)


def _build(work: Work, bank: Json, given: Json, *, is_automatic: bool) -> Json:
    return {
        "id": new_id("po"),
        "object": "payout",
        **dict.fromkeys(_NULL),
        "amount": given["amount"],
        "arrival_date": work.now + work.world.delays.sending + work.world.delays.arrival,
        "automatic": is_automatic,
        "created": work.now,
        "currency": given["currency"],
        "description": "STRIPE PAYOUT" if is_automatic else given.get("description"),
        "destination": bank["id"],
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "method": given.get("method", "standard"),
        "reconciliation_status": "completed" if is_automatic else "not_applicable",
        "source_type": "card",
        "statement_descriptor": given.get("statement_descriptor"),
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }
