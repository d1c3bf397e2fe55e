"""Lines of documents about entries that are there, without a world behind them."""

from typing import Any
from uuid import UUID

from marketplace import ledger
from marketplace.billing.documents import Line
from marketplace.events import SYSTEM
from marketplace.kit import clock
from marketplace.kit.ids import new_id
from marketplace.ledger import Account, credit, debit


def line(org_id: UUID, cents: int, **more: Any) -> Line:
    """A line about a new entry of the ledger; inside a transaction."""
    about = new_id()
    moves = [debit(Account.GOODWILL_EXPENSE, cents), credit(Account.WALLET_CASH, cents, org_id)]
    entry = ledger.post(
        "adjustment", key=f"adjustment:{about}", reference=about, currency="USD", lines=moves, by=SYSTEM
    )
    return Line(entry, about, clock.now(), "hold", cents, **more)
