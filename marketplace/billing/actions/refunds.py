"""Unspent money goes back to the card that it came from: asked for, sent, arrived, or come back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from marketplace.billing import rules
from marketplace.billing.actions import settlements
from marketplace.billing.actions.chargebacks import back_to_buyer
from marketplace.billing.actions.payments import find_id
from marketplace.billing.actions.recharges import turn_off
from marketplace.billing.actions.states import move_refund, move_top_up
from marketplace.billing.actions.stripe_calls import ask
from marketplace.billing.errors import DebtDue, NotRefundable, StrangeMoney, WrongCharge
from marketplace.billing.gateway import Refund, Settlement
from marketplace.billing.models import CardRefund, CardRefundState, TopUp, TopUpState
from marketplace.billing.queries import available_for, is_owing, refundable_top_ups
from marketplace.billing.turns import one_at_a_time
from marketplace.events import SYSTEM, Actor, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import Refusal
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.ledger import Account, Line, Overdrawn, credit, debit, locked_balances, post, taken_from
from marketplace.people import Power, Who

S = CardRefundState
_RETURNED = (S.FAILED, S.BOUNCED)


def ask_refund(who: Who, amount: Money, *, top_up_id: UUID | None = None) -> Sequence[CardRefund]:
    """A buyer wants unspent money back: it leaves the wallet now and goes to the cards it came from, newest first.

    The wallet does not fill itself any more.

    Args:
        top_up_id: the one top-up whose money is wanted back, rather than the newest ones.

    Returns: the parts of the wish, one a top-up.

    Raises:
        Forbidden, DebtDue, Overdrawn: more than the wallet holds. NotRefundable: more than can go back to cards.
    """
    who.need(Power.WALLET_WRITE)
    one_at_a_time(who.org_id)
    if is_owing(who.org_id):
        raise DebtDue
    if available_for(who, amount.currency) < amount.amount:
        raise Overdrawn
    parts = _parts(who, amount, top_up_id)
    turn_off(who, amount.currency)
    now, wish_id = clock.now(), new_id()
    return [_ask_part(who, wish_id, top_up, cents, now) for top_up, cents in parts]


def settle_refund(refund: Refund) -> CardRefund | None:
    """Bring a refund to where it stands at Stripe; webhook and reconciler come here.

    One that a restore has lost is known again.

    Returns: None for a refund that has nothing to do with us.

    Raises:
        StrangeMoney: somebody else refunded a payment of ours. WrongCharge: it moved another amount.
    """
    row = session().scalars(fresh(select(CardRefund).where(CardRefund.id == refund.card_refund_id))).first()
    if row is None:
        row = _adopt(refund)
    if row is None:
        return None
    if refund.amount != row.amount or row.refund_id not in (None, refund.id):
        raise WrongCharge(str(row.id))
    row.refund_id = refund.id
    if row.state == S.ASKED:
        move_refund(row, S.PENDING)
    if refund.has_left:
        _sent(row)
    if refund.settlement and row.settled_at is None:
        _book(row, refund.settlement, -row.amount_cents)
        row.settled_at = clock.now()
    if refund.is_failed:
        _give_back(row, refund.failure)
    if refund.returned and row.returned_at is None:
        _book(row, refund.returned, row.amount_cents)
        row.returned_at = clock.now()
    return row


def _adopt(refund: Refund) -> CardRefund | None:
    """A refund by what we wrote on it. What the buyer's wallet does not hold in the restored books, the buyer owes."""
    top_up_id = find_id(refund.payment) if refund.payment else None
    if top_up_id is None:
        return None
    top_up = session().scalars(fresh(select(TopUp).where(TopUp.id == top_up_id))).one()
    if refund.card_refund_id is None or top_up.unrefunded.amount < refund.amount.amount:
        raise StrangeMoney(refund.id)
    now, cents = clock.now(), refund.amount.amount
    row = _part(refund.card_refund_id, refund.card_refund_id, top_up, top_up.user_id, cents, now)
    owes, wallet = (Account.BUYER_RECEIVABLE, row.org_id), (Account.WALLET_CASH, row.org_id)
    there = locked_balances((owes, wallet), row.currency)  # the debt before the wallet, as everywhere
    taken, uncovered = taken_from([wallet], cents, there)
    owed = debit(Account.BUYER_RECEIVABLE, uncovered, row.org_id)
    _post(row, "reserve", [*taken, owed, credit(Account.REFUND_INFLIGHT, cents, row.id)])
    facts = {"cents": cents, "owed_cents": uncovered, "currency": row.currency}
    record("card_refund.adopted", row.id, by=SYSTEM, orgs=[row.org_id], **facts)
    return row


def settle_refunds(refunds: Sequence[Refund]) -> None:
    """The same for all refunds of a charge."""
    for refund in refunds:
        settle_refund(refund)


def refuse_refund(card_refund_id: UUID, why: Refusal) -> None:
    """Stripe will not send it: the money is back in the wallet."""
    row = locked(card_refund_id)
    if row.state == S.ASKED:
        _give_back(row, why.code)


def locked(card_refund_id: UUID) -> CardRefund:
    """A refund, locked and as it is now."""
    return session().scalars(fresh(select(CardRefund).where(CardRefund.id == card_refund_id))).one()


def _parts(who: Who, amount: Money, top_up_id: UUID | None) -> Sequence[tuple[TopUp, int]]:
    found = refundable_top_ups(who.org_id, amount.currency, lock=True)
    wanted = [top_up for top_up in found if top_up_id in (None, top_up.id)]
    parts = rules.newest_first([top_up.unrefunded.amount for top_up in wanted], amount.amount)
    if sum(parts) < amount.amount:
        raise NotRefundable(Money(sum(parts), amount.currency))
    return [(top_up, cents) for top_up, cents in zip(wanted, parts, strict=True) if cents]


def _ask_part(who: Who, wish_id: UUID, top_up: TopUp, cents: int, now: datetime) -> CardRefund:
    part = _part(new_id(), wish_id, top_up, who.user_id, cents, now)
    lines = [debit(Account.WALLET_CASH, cents, who.org_id), credit(Account.REFUND_INFLIGHT, cents, part.id)]
    _post(part, "reserve", lines, by=who)
    ask("refund_payment", part.id, f"refund:{part.id}:send")
    record("card_refund.asked", part.id, by=who, orgs=[who.org_id], cents=cents, currency=top_up.currency)
    return part


def _part(part_id: UUID, wish_id: UUID, top_up: TopUp, user_id: UUID, cents: int, now: datetime) -> CardRefund:
    part = CardRefund(
        id=part_id,
        wish_id=wish_id,
        org_id=top_up.org_id,
        user_id=user_id,
        top_up_id=top_up.id,
        amount_cents=cents,
        currency=top_up.currency,
        state=S.ASKED,
        asked_at=now,
    )
    session().add(part)
    _count(top_up, cents)
    session().flush()
    return part


def _sent(row: CardRefund) -> None:
    """The money has left our balance at Stripe."""
    if row.sent_at is None:
        move_refund(row, S.SUCCEEDED)
        row.sent_at = row.ended_at = clock.now()
        lines = [
            debit(Account.REFUND_INFLIGHT, row.amount_cents, row.id),
            credit(Account.STRIPE_CLEARING, row.amount_cents),
        ]
        _post(row, "ok", lines)
        record("card_refund.sent", row.id, by=SYSTEM, orgs=[row.org_id], cents=row.amount_cents)


def _give_back(row: CardRefund, why: str) -> None:
    """It did not arrive: the money is in the wallet again, after what the buyer owes."""
    if row.state in _RETURNED:
        return
    came_back = row.sent_at is not None
    top_up = session().scalars(fresh(select(TopUp).where(TopUp.id == row.top_up_id))).one()
    _count(top_up, -row.amount_cents)
    move_refund(row, S.BOUNCED if came_back else S.FAILED)
    row.failure, row.ended_at = why, clock.now()
    session().flush()
    source = (
        debit(Account.STRIPE_CLEARING, row.amount_cents)
        if came_back
        else debit(Account.REFUND_INFLIGHT, row.amount_cents, row.id)
    )
    to_buyer = back_to_buyer(row.org_id, row.amount_cents, row.currency)
    _post(row, "bounce" if came_back else "fail", [source, *to_buyer])
    record("card_refund.returned", row.id, by=SYSTEM, orgs=[row.org_id], cents=row.amount_cents, why=why)


def _count(top_up: TopUp, cents: int) -> None:
    """More or less of the top-up has gone back to its card, or is on its way there."""
    top_up.refunded_cents += cents
    is_all = top_up.refunded_cents == top_up.amount_cents
    partly = TopUpState.PARTLY_REFUNDED if top_up.refunded_cents else TopUpState.SUCCEEDED
    move_top_up(top_up, TopUpState.REFUNDED if is_all else partly)


def _book(row: CardRefund, settlement: Settlement, expected: int) -> None:
    settlements.book("refund_settle", settlement, about=row.id, expected=Money(expected, row.currency))


def _post(row: CardRefund, step: str, lines: Sequence[Line], by: Actor = SYSTEM) -> None:
    key, kind = f"refund:{row.id}:{step}", f"refund_card_{step}"
    post(kind, key=key, reference=row.id, currency=row.currency, lines=lines, by=by)
