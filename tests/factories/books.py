"""The books beside what docs/money.md says: entries as they were written, and as the page promises them."""

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from sqlalchemy import text

from marketplace.kit.db import session

PAGE = Path(__file__).parents[2] / "docs" / "money.md"
Sides = dict[str, Decimal]

_LINES = re.compile(r"^\| (\w+) \| ?([\d.,]*) ?\| ?([\d.,]*) ?\|$", re.MULTILINE)


def written(kinds: Iterable[str] | None = None) -> dict[str, Sides]:
    """Each kind's newest entry, its postings added up by account, in major units, debits positive."""
    rows = session().execute(
        text(
            "SELECT e.id, e.kind AS entry, a.kind AS account, p.amount FROM ledger_postings p"
            " JOIN ledger_entries e ON e.id = p.entry_id JOIN ledger_accounts a ON a.id = p.account_id ORDER BY p.id"
        )
    )
    entries: dict[str, tuple[object, Sides]] = {}
    for row in rows:
        newest, sides = entries.get(row.entry, (None, {}))
        if newest != row.id:
            sides = {}
        sides[row.account] = sides.get(row.account, Decimal(0)) + Decimal(row.amount) / 100
        entries[row.entry] = (row.id, sides)
    wanted = entries if kinds is None else kinds
    return {kind: entries[kind][1] for kind in wanted if kind in entries}


def promised(kinds: Iterable[str] | None = None) -> dict[str, Sides]:
    """The same, read from the sections of the page (`**kind** ...` and a table of account, debit, credit)."""
    parts = re.split(r"^\*\*(\w+)\*\* ", PAGE.read_text(), flags=re.MULTILINE)[1:]
    told = {kind: _sides(words) for kind, words in zip(parts[::2], parts[1::2], strict=True)}
    return told if kinds is None else {kind: told[kind] for kind in kinds}


def _sides(words: str) -> Sides:
    return {account: _amount(debit) - _amount(credit) for account, debit, credit in _LINES.findall(words)}


def _amount(words: str) -> Decimal:
    return Decimal(words.replace(",", "") or 0)
