"""What everything that happens to a payout shares: the locked row, its changes of state, its entries."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.billing import payout_rules as rules
from marketplace.billing.models import Payout, PayoutState
from marketplace.events import SYSTEM, Actor
from marketplace.kit.db import fresh, session
from marketplace.ledger import Account, Line, debt_first, post


def locked(payout_id: UUID) -> Payout:
    """A payout, locked and as it is now."""
    return session().scalars(fresh(select(Payout).where(Payout.id == payout_id))).one()


def move(payout: Payout, state: PayoutState) -> None:
    """Change the state as the table allows. Raises ValueError: a bug."""
    if state not in rules.ALLOWED[PayoutState(payout.state)]:
        raise ValueError(f"payout {payout.id}: {payout.state} -> {state}")
    payout.state = state


def book(payout: Payout, kind: str, key: str, lines: Sequence[Line], by: Actor = SYSTEM) -> None:
    """Write an entry about a payout."""
    session().flush()
    post(kind, key=key, reference=payout.id, currency=payout.currency, lines=lines, by=by)


def to_agency(payout: Payout, amount: int) -> list[Line]:
    """Money of a payout that goes back to its agency, which repays with it what it owes."""
    return debt_first(Account.SUPPLIER_RECEIVABLE, Account.SUPPLIER_PAYABLE, payout.org_id, amount, payout.currency)
