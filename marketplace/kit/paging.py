"""Keyset paging: a page is what comes after the last row seen, so that deep pages cost what the first one does."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.kit.db import session
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _

T = TypeVar("T")
SortKey = InstrumentedAttribute[Any] | ColumnElement[Any]
DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_LONGEST = 500
_BIG, _BIGGEST = 2**31 - 1, 2**63 - 1
_NUMBER = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page; `next_cursor` is None on the last."""

    items: Sequence[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Ask:
    """Which page is wanted."""

    cursor: str | None = None
    limit: int = DEFAULT_LIMIT

    @property
    def size(self) -> int:
        return max(1, min(self.limit, MAX_LIMIT))

    @property
    def number(self) -> int:
        """The cursor of a list ordered by one whole number.

        Raises:
            Invalid: the cursor is not one of ours.
        """
        if not _NUMBER.fullmatch(self.cursor or ""):
            raise Invalid(_("This page address is not one of ours. Start from the first page."))
        return int(self.cursor or 0)


def page(
    statement: Select[*tuple[Any, ...]],
    ask: Ask,
    *,
    by: Sequence[SortKey],
    key: Callable[[T], Sequence[Any]],
    build: Callable[[Any], T] = lambda row: row[0],
    descending: bool = True,
) -> Page[T]:
    """Run `statement` for one page ordered by the columns `by` (the last one unique, all in one direction).

    Args:
        key: the values of `by` for an item.
        build: an item from a row; the row's first column when not given.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    if ask.cursor:
        after = tuple_(*by) < _values(ask.cursor, by) if descending else tuple_(*by) > _values(ask.cursor, by)
        statement = statement.where(after)
    ordered = statement.order_by(*(c.desc() if descending else c.asc() for c in by)).limit(ask.size + 1)
    items = [build(row) for row in session().execute(ordered)]
    shown = items[: ask.size]
    return Page(shown, _cursor(key(shown[-1])) if len(items) > ask.size else None)


def _cursor(values: Sequence[Any]) -> str:
    text = json.dumps([str(value) if value is not None else None for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _values(cursor: str, by: Sequence[SortKey]) -> Any:
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor[:_LONGEST] + "=" * (-len(cursor) % 4)))
        values = [_read(text, column) for text, column in zip(texts, by, strict=True)]
    except (ValueError, TypeError, ArithmeticError) as error:
        raise Invalid(_("This page address is not one of ours. Start from the first page.")) from error
    return tuple_(*values)


def _read(text: object, column: SortKey) -> Any:
    kind = column.type.python_type
    if not isinstance(text, str):
        raise TypeError
    if hasattr(kind, "fromisoformat"):
        return kind.fromisoformat(text)
    value = kind(text)
    if isinstance(value, int) and abs(value) > (_BIGGEST if isinstance(column.type, BigInteger) else _BIG):
        raise OverflowError
    return value
