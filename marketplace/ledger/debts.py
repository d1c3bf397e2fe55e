"""Debts come first: whoever gets money and owes us some repays it before anything else."""

from uuid import UUID

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.ledger.actions import Line, credit
from marketplace.ledger.chart import Account
from marketplace.ledger.models import LedgerAccount


def debt_first(claim: Account, account: Account, owner: UUID, amount: int, currency: str) -> list[Line]:
    """Credit lines for an owner who gets `amount` minor units: what it owes (`claim`), the rest to `account`.

    Both accounts stay locked until the transaction ends, wallets last as everywhere, so that what is owed is as read.
    """
    owed = min(amount, _owed(claim, account, owner, currency))
    return [credit(claim, owed, owner), credit(account, amount - owed, owner)]


def _owed(claim: Account, account: Account, owner: UUID, currency: str) -> int:
    both = (
        select(LedgerAccount.kind, LedgerAccount.balance)
        .where(
            LedgerAccount.kind.in_((claim, account)),
            LedgerAccount.owner_id == owner,
            LedgerAccount.currency == currency,
        )
        .order_by(LedgerAccount.kind.like("wallet%"), LedgerAccount.id)
        .with_for_update(key_share=True)
    )
    return {kind: balance or 0 for kind, balance in session().execute(both)}.get(claim, 0)
