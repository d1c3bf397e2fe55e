"""The public figures in the shapes of their page: amounts, columns of a chart, words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from marketplace.disputes.verdicts.rules import LAST_HOUR
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import Money

WAYS: Mapping[str, LazyText] = {
    "facts": _l("Facts, by rule"),
    "conceded": _l("Agency agreed"),
    "silence": _l("Agency did not answer"),
    "person": _l("A person"),
    "time": _l("Time limit, %(hours)s h", hours=LAST_HOUR // timedelta(hours=1)),
}
#: the parts of a column from below, with the kind of their colour
_COLUMN = (("released", "col"), ("returned", "on"), ("held", "off"))
_AMOUNTS = ("paid", "released", "returned", "held", "elsewhere")
_TICKS = _LABELS = 4
_NOTHING = {"held": 0, "orders": 0, "disputed": 0}


def money_told(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was paid for leads and where it is, one of each currency, that of the most leads first."""
    now = {each["currency"]: each for each in figures["held_now"]}
    return [_currency(each, now.get(each["currency"], _NOTHING)) for each in figures["money"]]


def _currency(told: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    currency, weeks = told["currency"], told["weeks"]
    top = _round_top(max(week["paid"] for week in weeks))
    return {
        **_amounts(told, currency),
        "parts": {name: told[name] / told["paid"] if told["paid"] else 0.0 for name in _AMOUNTS},
        "now": Money(now["held"], currency),
        "held_orders": now["orders"],
        "disputed": now["disputed"],
        "weeks": [_week(week, currency, top) for week in weeks],
        "ticks": [{"part": step / _TICKS, "at": Money(top * step // _TICKS, currency)} for step in range(_TICKS + 1)],
        "labelled": max(1, -(-len(weeks) // _LABELS)),
    }


def _round_top(most: int) -> int:
    """Where a scale for so much ends, so that its four steps are round: 1, 2 or 5 with noughts."""
    least = max(1, -(-most // _TICKS))
    nought = int(10 ** (len(str(least)) - 1))
    return _TICKS * next(step for step in (nought, 2 * nought, 5 * nought, 10 * nought) if step >= least)


def _week(week: Mapping[str, Any], currency: str, top: int) -> dict[str, Any]:
    """A week's amounts, and its column: parts of the tallest, 0..1, each with where it ends."""
    columns, until = [], 0.0
    for name, kind in _COLUMN:
        until += week[name] / top
        columns.append({"kind": kind, "part": week[name] / top, "until": until})
    monday = datetime.combine(date.fromisoformat(week["week"]), datetime.min.time(), UTC)
    return {"monday": monday, "orders": week["orders"], "columns": columns, **_amounts(week, currency)}


def _amounts(told: Mapping[str, Any], currency: str) -> dict[str, Money]:
    return {name: Money(told[name], currency) for name in _AMOUNTS}
