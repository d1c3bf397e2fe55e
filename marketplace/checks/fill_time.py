"""The seconds between opening and sending the form: a person needs more than a glance."""

from marketplace.checks.result import Code, Result, failed, passed, unknown

FASTEST_PERSON = 3.0  # seconds, as in the score's rule
_DAY = 86_400.0


def check_fill_time(seconds: object) -> Result:
    """Under three seconds fails; a missing, negative or day-long time says nothing."""
    taken = _number(seconds)
    if taken is None or not 0 <= taken <= _DAY:
        return unknown("fill_time", rule="absent" if seconds in (None, "") else "not_a_duration")
    if taken < FASTEST_PERSON:
        return failed("fill_time", Code.BOT_SUSPECTED, method="clock", rule="under_3_seconds")
    return passed("fill_time", method="clock")


def _number(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        return None
    try:
        return float(raw)
    except ValueError:
        return None
