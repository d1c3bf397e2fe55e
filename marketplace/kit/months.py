"""Months of the calendar, which are not all of one length."""

from calendar import monthrange
from datetime import datetime

_MONTHS = 12


def months_later(at: datetime, count: int) -> datetime:
    """The same day and time `count` months later; the month's last day where it has no such day (31 Jan -> 28 Feb)."""
    years, month = divmod(at.month - 1 + count, _MONTHS)
    year = at.year + years
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))
