"""Counting all of it, every ten minutes of the product's time."""

import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace import market
from marketplace.insights.measured.decisions import decisions_since
from marketplace.insights.measured.leads import grades_since, leads_since
from marketplace.insights.measured.models import ExchangeCount
from marketplace.insights.measured.money import held_now, money_since
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.reliability import calibration_tables

LOOK_BACK = timedelta(days=90)
_EVERY = timedelta(minutes=10)


def last_count() -> ExchangeCount | None:
    """The newest count, if there is one yet."""
    return session().scalar(select(ExchangeCount).order_by(ExchangeCount.at.desc()).limit(1))


def count_if_due() -> bool:
    """Count when the newest count is ten minutes old; returns whether it did."""
    newest, now = last_count(), clock.now()
    if newest and newest.at > now - _EVERY:
        return False
    count_again()
    return True


def count_again() -> ExchangeCount:
    """Count everything now, and keep it."""
    began, now = time.monotonic(), clock.now()
    figures = _figures(now)
    row = ExchangeCount(at=now, took_ms=round((time.monotonic() - began) * 1000), figures=figures)
    session().add(row)
    session().flush()
    return row


def _figures(now: datetime) -> dict[str, Any]:
    since = now - LOOK_BACK
    on_sale, trades = market.public_counts()
    return {
        "days": LOOK_BACK.days,
        "on_sale": {"leads": on_sale, "verticals": trades},
        **leads_since(since),
        "decisions": decisions_since(since),
        "calibration": [table.to_json() for table in calibration_tables()],
        "grades": grades_since(since),
        "money": money_since(since),
        "held_now": held_now(),
    }
