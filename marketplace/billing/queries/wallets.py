"""A buyer's wallet and what comes into it, always for somebody."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import case, func, select

from marketplace import ledger
from marketplace.billing.models import OPEN, PAID, Chargeback, TopUp, TopUpState
from marketplace.billing.rules import CHECKOUT_TIME
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page
from marketplace.ledger import Account, StatementLine
from marketplace.people import Power, Who

DEFAULT_CURRENCY = "USD"
#: what has a statement: what can be spent, what is owed, what is frozen for a bank's decision
PARTS = {"available": Account.WALLET_CASH, "owed": Account.BUYER_RECEIVABLE, "frozen": Account.WALLET_FROZEN}
_DAY = timedelta(hours=24)


def find_for(who: Who, top_up_id: UUID) -> TopUp:
    """A buyer's own top-up. Raises NotFound, Forbidden."""
    who.need(Power.WALLET_READ)
    top_up = session().scalar(select(TopUp).where(TopUp.id == top_up_id, TopUp.org_id == who.org_id))
    if top_up is None:
        raise NotFound
    return top_up


def find_top_ups_for(who: Who, top_up_ids: Collection[UUID]) -> Sequence[TopUp]:
    """Those of these top-ups that are the buyer's."""
    who.need(Power.WALLET_READ)
    return session().scalars(select(TopUp).where(TopUp.org_id == who.org_id, TopUp.id.in_(top_up_ids))).all()


def open_top_ups_for(who: Who) -> Sequence[TopUp]:
    """A buyer's top-ups whose checkout page still waits for a card, newest first."""
    who.need(Power.WALLET_READ)
    waiting = select(TopUp).where(
        TopUp.org_id == who.org_id,
        TopUp.state.in_((TopUpState.CREATED, TopUpState.REQUIRES_ACTION)),
        TopUp.checkout_url.is_not(None),
        TopUp.created_at > clock.now() - CHECKOUT_TIME,
    )
    return session().scalars(waiting.order_by(TopUp.id.desc())).all()


def loaded_lately_for(who: Who) -> int:
    """What counts against the daily cap now: paid in during 24 hours or on an open checkout page, in minor units."""
    who.need(Power.WALLET_READ)
    return loaded_lately(who.org_id)


def available_for(who: Who, currency: str) -> int:
    """What a buyer can spend now, in minor units."""
    who.need(Power.WALLET_READ)
    return ledger.balance(Account.WALLET_CASH, who.org_id, currency)


def is_owing(org_id: UUID, *, but: str = "") -> bool:
    """Whether a buyer owes us anything, in whatever currency but this one."""
    return any(owed.amount for owed in ledger.balances(Account.BUYER_RECEIVABLE, org_id) if owed.currency != but)


def repaid_by(top_up: TopUp) -> Money:
    """What of a top-up that was found for somebody paid a debt of its buyer; the rest went into the wallet."""
    booked = [line for line in ledger.about(top_up.id) if line.kind == "topup"]
    repaid = -sum(line.amount for line in booked if line.account == Account.BUYER_RECEIVABLE)
    return Money(repaid, top_up.currency)


def wallet_balances(who: Who) -> list[Money]:
    """What a buyer can spend now in each currency, nothing in the default one when there is no money yet."""
    who.need(Power.WALLET_READ)
    return _balances(who)


def wallet_currencies(who: Who) -> list[str]:
    """The currencies a buyer has money in, the default one when there is none yet; then those it only owes in."""
    return list(dict.fromkeys(each.currency for each in (*_balances(who), *_debts(who))))


def debts_for(who: Who) -> list[Money]:
    """What a buyer owes us, in each currency in which it owes. Raises Forbidden."""
    who.need(Power.WALLET_READ)
    return _debts(who)


def _debts(who: Who) -> list[Money]:
    return [each for each in ledger.balances(Account.BUYER_RECEIVABLE, who.org_id) if each.amount]


def _balances(who: Who) -> list[Money]:
    return ledger.balances(Account.WALLET_CASH, who.org_id) or [Money(0, DEFAULT_CURRENCY)]


def wallet_statement(who: Who, currency: str, ask: Ask, *, part: str = "available") -> Page[StatementLine]:
    """A part of a buyer's wallet (`PARTS`) line by line, newest first; what is frozen, with the balance of its case."""
    who.need(Power.WALLET_READ)
    cases = select(Chargeback.id).where(Chargeback.org_id == who.org_id)
    return ledger.statement(PARTS[part], cases if part == "frozen" else who.org_id, currency, ask)


def loaded_lately(org_id: UUID) -> int:
    """What was paid in during 24 hours, and what an open checkout page or charge may still bring."""
    now = clock.now()
    may_pay_since = case((TopUp.recharge_id.is_(None), now - CHECKOUT_TIME), else_=now - _DAY)
    is_open = TopUp.state.in_(OPEN) & (TopUp.created_at > may_pay_since)
    is_paid = TopUp.state.in_((*PAID, TopUpState.PROCESSING)) & (TopUp.created_at > now - _DAY)
    total = select(func.coalesce(func.sum(TopUp.amount_cents), 0)).where(TopUp.org_id == org_id, is_open | is_paid)
    return int(session().execute(total).scalar_one())
