"""What Stripe says about a payout that has left: its transfer, what came back of it, and what the bank did.

Everything here takes an object as it stands at Stripe and brings our row to it; webhook, reconciler and the call itself
all come here, in any order and as often as they like.
"""

from sqlalchemy import or_, select

from marketplace import ledger
from marketplace.billing.actions.payout_rows import book, move, to_agency
from marketplace.billing.errors import WrongCharge
from marketplace.billing.gateway import BankPayout, Reversal, Settlement, Transfer
from marketplace.billing.models import RESERVED, Payout, PayoutAccount, PayoutState
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.ledger import Account, credit, debit, locked_balances, taken_from

S = PayoutState


def settle_transfer(transfer: Transfer) -> Payout | None:
    """Bring a payout to where its transfer stands; one that a restore has lost is known again.

    Returns: None for a transfer that is not of ours.

    Raises:
        WrongCharge: Stripe's transfer is another one than we asked for: nothing is booked, somebody must look.
    """
    payout = _of_transfer(transfer) or _adopt(transfer)
    if payout is None:
        return None
    if transfer.amount != payout.amount or transfer.account_id != payout.account_id:
        raise WrongCharge(str(payout.id))
    if payout.state in RESERVED:
        _send(payout, transfer)
    if payout.transfer_id != transfer.id:
        raise WrongCharge(str(payout.id))
    if transfer.settlement and payout.settled_at is None:
        _book_settlement(payout, transfer.settlement, -payout.amount_cents)
        payout.settled_at = clock.now()
    for reversal in transfer.reversals:
        _take_return(payout, reversal)
    return payout


def settle_bank_payout(found: BankPayout) -> None:
    """Bring the payouts that went out together to one bank to where that bank's payment stands."""
    together = or_(
        Payout.arrival_id.in_(found.sources),
        Payout.bank_payout_id.in_(found.sources),
        Payout.bank_payout_id == found.id,
    )
    theirs = select(Payout).where(Payout.account_id == found.account_id, together)
    for payout in session().scalars(fresh(theirs.order_by(Payout.id))):
        _arrive(payout, found)


def _of_transfer(transfer: Transfer) -> Payout | None:
    if transfer.payout_id is None:
        return None
    return session().scalars(fresh(select(Payout).where(Payout.id == transfer.payout_id))).first()


def _send(payout: Payout, transfer: Transfer) -> None:
    if payout.state == S.RESERVED:
        move(payout, S.SENDING)  # the answer to the call was lost, and the row given back meanwhile
    move(payout, S.SENT)
    _leave(payout, transfer)


def _adopt(transfer: Transfer) -> Payout | None:
    """A payout by what we wrote on its transfer. What the agency has not earned in the restored books, it owes."""
    account = session().scalars(select(PayoutAccount).where(PayoutAccount.stripe_id == transfer.account_id)).first()
    if account is None or transfer.payout_id is None:
        return None
    amount, currency = transfer.amount.amount, transfer.amount.currency
    payout = Payout(
        id=transfer.payout_id,
        org_id=account.org_id,
        amount_cents=amount,
        currency=currency,
        state=S.SENT,
        account_id=transfer.account_id,
        bank_last4=account.bank_last4,
        transfers=int(transfer.call) if transfer.call.isdecimal() else 1,
        takings=len(transfer.reversals),
        returned_cents=0,
        created_at=transfer.made_at,
    )
    session().add(payout)
    payable = (Account.SUPPLIER_PAYABLE, account.org_id)
    taken, uncovered = taken_from([payable], amount, locked_balances([payable], currency))
    owed = debit(Account.SUPPLIER_RECEIVABLE, uncovered, account.org_id)
    lines = [*taken, owed, credit(Account.PAYOUT_INFLIGHT, amount, payout.id)]
    book(payout, "payout_reserve", f"payout:{payout.id}:reserve", lines)
    facts = {"cents": amount, "owed_cents": uncovered, "currency": currency}
    record("payout.adopted", payout.id, by=SYSTEM, orgs=[account.org_id], **facts)
    _leave(payout, transfer)
    return payout


def _leave(payout: Payout, transfer: Transfer) -> None:
    payout.transfer_id, payout.arrival_id, payout.sent_at = transfer.id, transfer.arrival_id, clock.now()
    payout.again_at = None
    amount = payout.amount_cents
    lines = [debit(Account.PAYOUT_INFLIGHT, amount, payout.id), credit(Account.STRIPE_CLEARING, amount)]
    book(payout, "payout_sent", f"tr:{transfer.id}:sent", lines)
    record("payout.sent", payout.id, by=SYSTEM, orgs=[payout.org_id], transfer=transfer.id)


def _book_settlement(payout: Payout, settlement: Settlement, expected: int) -> None:
    """Stripe's own account of a movement: the clearing account empties. `expected` is signed as Stripe signs it."""
    if settlement.amount.amount != expected or settlement.amount.currency != payout.currency:
        raise WrongCharge(str(payout.id))
    lines = [
        ledger.Line(Account.STRIPE_BALANCE, expected - settlement.fee),
        ledger.Line(Account.PROCESSING_FEE, settlement.fee),
        ledger.Line(Account.STRIPE_CLEARING, -expected),
    ]
    book(payout, "transfer_settle", f"txn:{settlement.id}", lines)


def _take_return(payout: Payout, reversal: Reversal) -> None:
    """A part of it is ours again, and the agency's."""
    key, amount = f"trr:{reversal.id}:returned", reversal.amount.amount
    if not ledger.is_booked(key):
        book(payout, "payout_return", key, [debit(Account.STRIPE_CLEARING, amount), *to_agency(payout, amount)])
        payout.returned_cents += amount
        if payout.returned_cents == payout.amount_cents and payout.state != S.FAILED:
            move(payout, S.FAILED)
            payout.ended_at = clock.now()
        record("payout.returned", payout.id, by=SYSTEM, orgs=[payout.org_id], cents=amount)
    if reversal.settlement and not ledger.is_booked(f"txn:{reversal.settlement.id}"):
        _book_settlement(payout, reversal.settlement, amount)


def _arrive(payout: Payout, found: BankPayout) -> None:
    if payout.bank_payout_at and payout.bank_payout_at > found.created_at:
        return  # news about an earlier try
    payout.bank_payout_id, payout.bank_payout_at = found.id, found.created_at
    payout.expected_at = found.arrives_at
    if found.status == "paid" and payout.state in (S.SENT, S.FAILED) and not payout.returned_cents:
        move(payout, S.PAID)
        payout.why, payout.ended_at = None, clock.now()
        record("payout.paid", payout.id, by=SYSTEM, orgs=[payout.org_id])
    elif found.status == "failed" and payout.state in (S.SENT, S.PAID):
        move(payout, S.FAILED)
        payout.why, payout.ended_at = found.why or "bank", clock.now()
        record("payout.failed", payout.id, by=SYSTEM, orgs=[payout.org_id], why=payout.why)
