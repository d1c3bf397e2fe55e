"""How long ago the person asked. Interest fades, and consent with it."""

from datetime import UTC, datetime, timedelta

from marketplace.checks.result import Code, Result, failed, passed, unknown

_CLOCK_SKEW = timedelta(hours=26)  # a local time read as UTC may lie this far ahead


def read_moment(raw: object) -> datetime | None:
    """An aware datetime or an RFC 3339 text as UTC (without a zone it is read as UTC); anything else is None."""
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw.strip())
        except ValueError:
            return None
    if not isinstance(raw, datetime):
        return None
    try:
        return raw.replace(tzinfo=UTC) if raw.tzinfo is None else raw.astimezone(UTC)
    except OverflowError:
        return None


def check_age(submitted_at: object, *, now: datetime, max_age_days: int | None) -> Result:
    """Too old fails; no time, a time that cannot be read or one that lies ahead is unknown."""
    if submitted_at is None or submitted_at == "":
        return unknown("age", rule="absent")
    moment = read_moment(submitted_at)
    if moment is None:
        return unknown("age", Code.FIELD_INVALID, rule="not_a_time")
    if moment - now > _CLOCK_SKEW:
        return unknown("age", Code.FIELD_INVALID, rule="in_the_future")
    days = max(0, (now - moment).days)
    if max_age_days is not None and now - moment > timedelta(days=max_age_days):
        return failed("age", Code.TOO_OLD, method="clock", days=str(days), limit=str(max_age_days))
    return passed("age", method="clock", days=str(days))
