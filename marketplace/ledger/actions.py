"""The one way to write money: `post`, which calls the database's own `ledger_post`."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.events import Actor
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.ids import new_id
from marketplace.ledger.chart import Account
from marketplace.ledger.errors import AgainstTheRules, KeyReused, Overdrawn
from marketplace.ledger.rules import RULES

_POST = text(
    "SELECT ledger_post(:id, :key, :kind, :reference, :currency, :actor, :at,"
    " CAST(:accounts AS text[]), CAST(:owners AS uuid[]), CAST(:amounts AS bigint[]))"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One posting to be: debits positive, credits negative, in minor units."""

    account: Account
    amount: int
    owner: UUID | None = None


def debit(account: Account, amount: int, owner: UUID | None = None) -> Line:
    """A line on the left side; amount >= 0."""
    return Line(account, amount, owner)


def credit(account: Account, amount: int, owner: UUID | None = None) -> Line:
    """A line on the right side; amount >= 0."""
    return Line(account, -amount, owner)


def post(kind: str, *, key: str, reference: UUID, currency: str, lines: Sequence[Line], by: Actor) -> UUID:
    """Write one entry inside the current transaction; the same key and content again gives the earlier entry.

    Args:
        kind: one of `rules.RULES`: `topup`, `hold`, `refund`, `release` ...
        key: names the business fact (`order:<id>:hold`), never a delivery of news about it.
        reference: what it is about: an order, a top-up, a dispute.
        lines: lines of amount 0 are left out; the rest sums to 0.

    Returns: the entry's id.

    Raises:
        Overdrawn: a guarded account would fall below zero.
        KeyReused: the key stands for other content.
        AgainstTheRules: the kind does not allow this key or one of these sides.
    """
    moving = [line for line in lines if line.amount]
    _check(kind, key, moving)
    values = {
        "id": new_id(),
        "key": key,
        "kind": kind,
        "reference": reference,
        "currency": currency,
        "actor": by.user_id,
        "at": clock.now(),
        "accounts": [line.account.value for line in moving],
        "owners": [line.owner for line in moving],
        "amounts": [line.amount for line in moving],
    }
    try:
        return UUID(str(session().execute(_POST, values).scalar_one()))
    except DBAPIError as error:
        raise refusal_of(error) from error


def _check(kind: str, key: str, lines: Sequence[Line]) -> None:
    debits = {line.account for line in lines if line.amount > 0}
    credits_ = {line.account for line in lines if line.amount < 0}
    if kind not in RULES or not RULES[kind].fits(key, debits, credits_):
        raise AgainstTheRules(f"{kind} {key}: debits {sorted(debits)}, credits {sorted(credits_)}")


def refusal_of(error: DBAPIError) -> Exception:
    """The refusal that a database error of the ledger stands for, or the error itself."""
    diagnostics = getattr(error.orig, "diag", None)
    if getattr(diagnostics, "constraint_name", None) == "ck_ledger_accounts_never_negative":
        return Overdrawn()
    if getattr(diagnostics, "message_primary", None) == "ledger_key_conflict":
        return KeyReused()
    return error
