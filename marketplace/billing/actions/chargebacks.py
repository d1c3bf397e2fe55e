"""What a chargeback does to money: contested while it is open, back when it is won, the buyer's debt when it is lost.

Where Stripe's news is late the state decides; its own accounts of the movements are booked when they are there.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.billing.actions.recharges import pause_for_chargeback
from marketplace.billing.actions.stripe_calls import ask
from marketplace.billing.errors import AnswerOver
from marketplace.billing.gateway import BankDispute, Settlement
from marketplace.billing.models import Chargeback, ChargebackState, TopUp
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.ids import new_id
from marketplace.ledger import Account, Line, balance, credit, debit, debt_first, locked_balances, post, taken_from
from marketplace.people import Power, Who
from marketplace.people.queries.ties import keep_apart

_S = ChargebackState
_STATES = {
    "warning_needs_response": _S.INQUIRY,
    "warning_under_review": _S.INQUIRY,
    "warning_closed": _S.WON,
    "needs_response": _S.NEEDS_ANSWER,
    "under_review": _S.UNDER_REVIEW,
    "won": _S.WON,
    "lost": _S.LOST,
    "prevented": _S.WON,
}
_ENDS = (_S.WON, _S.LOST)


def known(found: BankDispute) -> Chargeback | None:
    """Our row for it, locked and made when it is new; None when the payment is none of ours."""
    top_up = session().scalars(select(TopUp).where(TopUp.payment_intent_id == found.payment)).first()
    if top_up is None:
        return None
    row_id, leads_to = new_id(), _leads_to(found)
    made = session().execute(
        insert(Chargeback)
        .values(
            id=row_id,
            stripe_id=found.id,
            top_up_id=top_up.id,
            org_id=top_up.org_id,
            amount_cents=found.amount.amount,
            currency=found.amount.currency,
            reason=found.reason,
            state=_S.INQUIRY if leads_to in _ENDS else leads_to,
            is_booked=False,
            frozen_cents=0,
            answer="",
            inquiry_answer="",
            opened_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["stripe_id"])
        .returning(Chargeback.id)
    )
    if made.first():
        record("chargeback.opened", row_id, by=SYSTEM, orgs=[top_up.org_id], cents=found.amount.amount)
    return session().scalars(fresh(select(Chargeback).where(Chargeback.stripe_id == found.id))).one()


def has_taken(found: BankDispute) -> bool:
    """Whether the bank has taken the money."""
    return any(each.amount.amount < 0 for each in found.settlements)


def open_(row: Chargeback) -> int:
    """The money was taken from us: contest it, and freeze as much of the buyer's wallet.

    Returns: what the wallet does not cover, in minor units.
    """
    place = (Account.WALLET_CASH, row.org_id)
    frozen, uncovered = taken_from([place], row.amount_cents, locked_balances([place], row.currency))
    row.is_booked, row.frozen_cents = True, row.amount_cents - uncovered
    _post(
        "cb_open",
        row,
        [
            debit(Account.CHARGEBACK_CONTESTED, row.amount_cents, row.id),
            *frozen,
            credit(Account.STRIPE_CLEARING, row.amount_cents),
            credit(Account.WALLET_FROZEN, row.frozen_cents, row.id),
        ],
    )
    record("chargeback.taken", row.id, by=SYSTEM, orgs=[row.org_id], cents=row.amount_cents)
    return uncovered


def win(row: Chargeback) -> None:
    """The bank gives the money back: it comes to us, and what was frozen to the buyer."""
    row.state, row.closed_at = _S.WON, clock.now()
    if row.is_booked:
        frozen = _lock(row)[Account.WALLET_FROZEN, row.id]
        _post(
            "cb_won",
            row,
            [
                debit(Account.STRIPE_CLEARING, row.amount_cents),
                debit(Account.WALLET_FROZEN, frozen, row.id),
                credit(Account.CHARGEBACK_CONTESTED, row.amount_cents, row.id),
                *back_to_buyer(row.org_id, frozen, row.currency),
            ],
        )
    record("chargeback.won", row.id, by=SYSTEM, orgs=[row.org_id], cents=row.amount_cents)


def lose(row: Chargeback, forfeit: Callable[[int], Sequence[tuple[UUID, int]]]) -> None:
    """The money is gone: the frozen part pays first, then the wallet, then what is held of the buyer's orders.

    The rest the buyer owes.

    forfeit: of the minor units that the wallet does not cover, how many are taken from what is held of each order.
    """
    from_wallet, uncovered = taken_from(_wallets(row), row.amount_cents, _lock(row))
    from_orders = forfeit(uncovered)
    owed = uncovered - sum(cents for _order, cents in from_orders)
    _post(
        "cb_lost",
        row,
        [
            *from_wallet,
            *(debit(Account.HELD, cents, order_id) for order_id, cents in from_orders),
            debit(Account.BUYER_RECEIVABLE, owed, row.org_id),
            credit(Account.CHARGEBACK_CONTESTED, row.amount_cents, row.id),
        ],
    )
    row.state, row.closed_at = _S.LOST, clock.now()
    pause_for_chargeback(row.org_id)
    record("chargeback.lost", row.id, by=SYSTEM, orgs=[row.org_id], cents=row.amount_cents)


def back_to_buyer(org_id: UUID, amount: int, currency: str) -> list[Line]:
    """Credit lines for `amount` minor units that come back to a buyer, not from a card.

    First what it owes, then what its bank contests and its wallet did not cover: that much is frozen; the rest is free.
    The wallet is locked before the open chargebacks are read, as whatever closes one locks it: none closes meanwhile.
    """
    owed, rest = debt_first(Account.BUYER_RECEIVABLE, Account.WALLET_CASH, org_id, amount, currency)
    left, frozen = -rest.amount, []
    for chargeback_id, contested in _contested(org_id, currency) if left else ():
        part = min(left, contested - balance(Account.WALLET_FROZEN, chargeback_id, currency))
        frozen.append(credit(Account.WALLET_FROZEN, part, chargeback_id))
        left -= part
    return [owed, *frozen, credit(Account.WALLET_CASH, left, org_id)]


def follow(row: Chargeback, found: BankDispute) -> ChargebackState:
    """Take over where it stands at the bank, and Stripe's own accounts of what it moved; where it leads is returned."""
    for settlement in found.settlements:
        _book(row, settlement)
    leads_to = _leads_to(found)
    if row.is_open and (leads_to != _S.INQUIRY or row.state == _S.INQUIRY):  # who has taken back only asks no more
        row.answer_by = found.answer_by
        if row.state == _S.INQUIRY and leads_to == _S.NEEDS_ANSWER:
            _ask_anew(row, was_told=row.answered_at is not None)
        if found.is_answered:
            row.answered_at = row.answered_at or clock.now()
        if leads_to not in _ENDS:
            row.state = leads_to
    return leads_to


def _leads_to(found: BankDispute) -> ChargebackState:
    return _STATES.get(found.status, _S.UNDER_REVIEW)


def arrive(row: Chargeback, found: BankDispute) -> None:
    """Our answer has reached the bank, which stood so. It may say only now that it was the answer to its question."""
    if row.state == _S.NEEDS_ANSWER and _leads_to(found) == _S.INQUIRY and not row.answered_at:
        _ask_anew(row, was_told=True)
    follow(row, found)


def _ask_anew(row: Chargeback, *, was_told: bool) -> None:
    """The bank is not content with what it has asked: what it was told does not count, another answer is wanted.

    One that is still on its way there comes as the new one.
    """
    if was_told:
        row.inquiry_answer, row.answer, row.answered_at = row.answer, "", None
    record("chargeback.escalated", row.id, by=SYSTEM, orgs=[row.org_id])


def answer(who: Who, chargeback_id: UUID, words: str) -> Chargeback:
    """Staff tell the bank why the payment was right: it takes one answer to what it asks, and one when it takes back.

    Raises Forbidden, NotFound, TooNear, AnswerOver.
    """
    who.need(Power.MONEY_WRITE)
    row = session().scalars(fresh(select(Chargeback).where(Chargeback.id == chargeback_id))).first()
    if row is None:
        raise NotFound
    keep_apart(who, row.org_id)
    if row.answer and row.answer == words.strip():
        return row
    if not row.is_open or row.answer or row.answered_at:
        raise AnswerOver
    row.answer = words.strip()
    event_id = record("chargeback.answered", row.id, by=who, orgs=[row.org_id])
    ask("answer_chargeback", row.id, f"event:{event_id}")  # each answer is a call of its own
    return row


def _contested(org_id: UUID, currency: str) -> Sequence[Row[UUID, int]]:
    """What a buyer's bank has taken and not decided about yet, the oldest first."""
    is_theirs = (Chargeback.org_id == org_id, Chargeback.currency == currency)
    is_open = (Chargeback.is_booked, Chargeback.state.not_in(_ENDS))
    found = select(Chargeback.id, Chargeback.amount_cents).where(*is_theirs, *is_open)
    return session().execute(found.order_by(Chargeback.id)).all()


def _wallets(row: Chargeback) -> Sequence[tuple[Account, UUID]]:
    return (Account.WALLET_FROZEN, row.id), (Account.WALLET_CASH, row.org_id)


def _lock(row: Chargeback) -> dict[tuple[Account, UUID], int]:
    """What stands where the end of a chargeback moves money of its buyer: the debt is locked before the wallets."""
    return locked_balances(((Account.BUYER_RECEIVABLE, row.org_id), *_wallets(row)), row.currency)


def _book(row: Chargeback, settlement: Settlement) -> None:
    """Our balance at Stripe moves by the amount and, where the bank takes it, by Stripe's fee."""
    amount, fee = settlement.amount.amount, settlement.fee
    sides = [
        Line(Account.STRIPE_BALANCE, amount - fee),
        Line(Account.DISPUTE_FEE, fee),
        Line(Account.STRIPE_CLEARING, -amount),
    ]
    post("cb_settle", key=f"txn:{settlement.id}", reference=row.id, currency=row.currency, lines=sides, by=SYSTEM)


def _post(kind: str, row: Chargeback, lines: Sequence[Line]) -> None:
    key = f"dp:{row.id}:{kind.removeprefix('cb_')}"
    session().flush()
    post(kind, key=key, reference=row.id, currency=row.currency, lines=lines, by=SYSTEM)
