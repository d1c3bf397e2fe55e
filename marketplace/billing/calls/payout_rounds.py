"""Rounds over all payouts: those that the clock wants, those that wait, and those that no event told about."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import Select, case, exists, func, select, true

from marketplace import ledger
from marketplace.billing import payout_rules as rules
from marketplace.billing.actions import arrivals
from marketplace.billing.actions.payout_rows import locked
from marketplace.billing.actions.payouts import ask_due_payout, ask_transfer
from marketplace.billing.calls import engine
from marketplace.billing.calls.reconcile import one_of_many
from marketplace.billing.models import AccountState, Payout, PayoutAccount, PayoutState
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Refusal
from marketplace.ledger import Account

log = structlog.get_logger()

S = PayoutState
_AT_ONCE = 200
_SHORTEST = min(rules.WAIT.values())
#: news of Stripe comes within seconds; after this it is looked up
_NO_NEWS = timedelta(minutes=10)
#: banks take days; Stripe is asked about them again every so often until then, and no longer
_BANKS_TAKE, _GIVEN_UP = timedelta(hours=12), timedelta(days=45)


def pay_out_due() -> None:
    """Ask for every payout whose time has come, and send again what our balance at Stripe did not cover."""
    for payout_id in _waiting():
        with transaction():
            payout = locked(payout_id)
            if payout.state == S.RESERVED and payout.again_at:
                ask_transfer(payout)
    for org_id, currency in _payable():
        _pay(org_id, currency)


def look_after_payouts() -> None:
    """Ask Stripe about transfers that are not accounted for, and about payouts to banks that nothing was heard of."""
    for transfer_id in _unsettled():
        with one_of_many(transfer_id):
            transfer = engine.gateway().transfers.get(transfer_id)
            with transaction():
                arrivals.settle_transfer(transfer)
    for account_id, since in _unheard():
        with one_of_many(account_id):
            for bank_payout_id in engine.gateway().bank_payouts.since(account_id, since):
                found = engine.gateway().bank_payouts.of_account(account_id, bank_payout_id)
                with transaction():
                    arrivals.settle_bank_payout(found)


def _pay(org_id: UUID, currency: str) -> None:
    try:
        with transaction():
            ask_due_payout(org_id, currency)
    except Refusal as why:
        log.debug("payout.not_due", org=str(org_id), why=why.code)


def _waiting() -> list[UUID]:
    with transaction():
        short = select(Payout.id).where(Payout.state == S.RESERVED, Payout.again_at <= clock.now())
        return list(session().scalars(short.order_by(Payout.again_at).limit(_AT_ONCE)))


def _payable() -> Iterator[tuple[UUID, str]]:
    """Agencies whose account is ready, with the currencies in which they have enough, in order, batch after batch."""
    reached = UUID(int=0)
    while True:
        with transaction():
            found = session().execute(_candidates(reached)).all()
        for row in found:
            yield row.owner_id, row.currency
        if len(found) < _AT_ONCE:
            return
        reached = found[-1].owner_id


def _candidates(after: UUID) -> Select[UUID, str]:
    """Whether each is due is decided when it is asked for; here stands what saves asking."""
    rich = ledger.owners_with(Account.SUPPLIER_PAYABLE, rules.LEAST).subquery()
    recent = exists().where(
        Payout.org_id == rich.c.owner_id,
        Payout.currency == rich.c.currency,
        Payout.created_at > clock.now() - case((Payout.state == S.CANCELED, rules.AFTER_REFUSAL), else_=_SHORTEST),
    )
    held = PayoutAccount.hold.is_not(None) & func.coalesce(PayoutAccount.held_until > clock.now(), true())
    return (
        select(rich.c.owner_id, rich.c.currency)
        .join(PayoutAccount, PayoutAccount.org_id == rich.c.owner_id)
        .where(PayoutAccount.state == AccountState.READY, ~held, ~recent, rich.c.owner_id > after)
        .order_by(rich.c.owner_id, rich.c.currency)
        .limit(_AT_ONCE)
    )


def _unsettled() -> list[str]:
    with transaction():
        left = Payout.state.in_((S.SENT, S.PAID, S.FAILED)) & Payout.settled_at.is_(None)
        silent = select(Payout.transfer_id).where(left, Payout.sent_at < clock.now() - _NO_NEWS)
        return [str(found) for found in session().scalars(silent.order_by(Payout.sent_at).limit(_AT_ONCE))]


def _unheard() -> list[tuple[str, datetime]]:
    """Accounts with payouts that have left and not arrived, each with when the oldest of them left."""
    now = clock.now()
    with transaction():
        silent = Payout.sent_at.between(now - _GIVEN_UP, now - _BANKS_TAKE) & (Payout.state == S.SENT)
        found = select(Payout.account_id, func.min(Payout.sent_at)).where(silent).group_by(Payout.account_id)
        return [(account_id, since) for account_id, since in session().execute(found.limit(_AT_ONCE)) if since]
