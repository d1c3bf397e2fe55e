"""Which account pays first and which is paid first. The accounts stay locked, so that what stands there is as read."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, text, tuple_

from marketplace.kit.db import session
from marketplace.ledger.actions import Line, credit, debit
from marketplace.ledger.chart import Account
from marketplace.ledger.models import LedgerAccount

Place = tuple[Account, UUID]
_MADE = text(
    "SELECT ledger_account(kind, owner, :currency)"
    " FROM unnest(CAST(:kinds AS text[]), CAST(:owners AS uuid[])) AS place(kind, owner)"
)


def debt_first(claim: Account, account: Account, owner: UUID, amount: int, currency: str) -> list[Line]:
    """Credit lines for an owner who gets `amount` minor units: what it owes (`claim`), the rest to `account`."""
    places = (claim, owner), (account, owner)
    owed = min(amount, locked_balances(places, currency).get(places[0], 0))
    return [credit(claim, owed, owner), credit(account, amount - owed, owner)]


def taken_from(places: Sequence[Place], amount: int, there: Mapping[Place, int]) -> tuple[list[Line], int]:
    """Debit lines that take `amount` minor units from the first place as far as it goes, then from the next.

    Args:
        there: what stands at the places, as `locked_balances` has found it.

    Returns: the lines, and what no place covers.
    """
    lines = []
    for account, owner in places:
        part = min(amount, there.get((account, owner), 0))
        lines.append(debit(account, part, owner))
        amount -= part
    return lines, amount


def locked_balances(places: Sequence[Place], currency: str) -> dict[Place, int]:
    """What stands at each place, in minor units; locked in the order of the whole product, wallets last.

    What is not there yet is made first, as a row that is missing cannot be locked: a debt that somebody else writes
    meanwhile would not be seen.
    """
    ordered = sorted(places)
    kinds, owners = [account.value for account, _owner in ordered], [owner for _account, owner in ordered]
    session().execute(_MADE, {"kinds": kinds, "owners": owners, "currency": currency})
    found = (
        select(LedgerAccount.kind, LedgerAccount.owner_id, LedgerAccount.balance)
        .where(tuple_(LedgerAccount.kind, LedgerAccount.owner_id).in_(places), LedgerAccount.currency == currency)
        .order_by(LedgerAccount.kind.like("wallet%"), LedgerAccount.id)
        .with_for_update(key_share=True)
    )
    return {(Account(row.kind), row.owner_id): row.balance or 0 for row in session().execute(found)}
