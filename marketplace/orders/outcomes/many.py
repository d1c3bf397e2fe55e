"""Outcomes of many leads reported at once, by API or as a file. Idempotent.

Columns of a file by their names, in any order: `order_id` or `lead_id`, `stage`, `at`, `amount` with `currency` (the
order's own if left out), `reason`, `remind_on` (a day like 2026-11-26). A day alone in `at`, or its midnight, is
the day of which the hour is not known.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from marketplace.orders.files import Line, lines_of, money_of
from marketplace.orders.many import Row, Told, take_each
from marketplace.orders.models import Order
from marketplace.orders.outcomes.report import report
from marketplace.orders.outcomes.schemas import NamedOutcomeIn
from marketplace.people import Who

_WORDS = ("stage", "at", "amount", "currency", "reason", "remind_on")
COLUMNS = ("order_id", "lead_id", *_WORDS)
_ALSO: Mapping[str, str] = {"outcome": "stage", "status": "stage", "value": "amount"}
_SCHEMA = NamedOutcomeIn()


def report_many(who: Who, rows: Sequence[Row], names: Sequence[UUID | None], *, via: str) -> list[Told]:
    """Write down an outcome for each row.

    Args:
        names: for each row the id of the order or of the lead that it names, None where it names none.
        via: `api`, `file` or `hook`.
    """

    def take(order: Order, told: Any) -> UUID:
        return report(who, order.id, told, via=via).id

    return take_each(who, rows, names, _SCHEMA, take)


def report_file(who: Who, content: bytes) -> list[tuple[int, Told]]:
    """The same for every row of a file; returns the line of each row, as an editor counts it, with how it came out.

    Raises:
        Invalid: the file cannot be read, names no order, or has more than 1,000 rows.
    """
    lines = lines_of(content, _WORDS, _ALSO)
    results = report_many(who, [_Outcome(line) for line in lines], [line.name for line in lines], via="file")
    return list(zip((line.number for line in lines), results, strict=True))


class _Outcome:
    """What a row says in JSON is known once its order is: in which currency it is."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def __call__(self, order: Order | None) -> dict[str, Any]:
        """Raises Invalid: a cell cannot be read."""
        told = self._line.told(_WORDS)
        currency = told.pop("currency", order.currency if order else "USD")
        told["stage"] = told.get("stage", "").lower()
        if "amount" in told:
            told["amount"] = money_of(told["amount"], currency.upper())
        if "at" in told:
            moment = datetime.fromisoformat(self._line.moment(told["at"]))
            told["at"] = moment.date() if moment.time() == time.min else moment.isoformat()
        return told
