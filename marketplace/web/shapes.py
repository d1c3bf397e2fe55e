"""How values look on a page: ages, dates, numbers and shares in the reader's language and time zone (Jinja filters)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.numbers import format_decimal
from flask import Flask
from flask_babel import format_date, format_datetime, to_user_timezone

from marketplace.kit import clock
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import locale_code
from marketplace.kit.money import Money, format_money

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AGE_ENDS = timedelta(days=14)
KILO = 1000
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


def ago(at: datetime) -> str:
    """Age in the fewest words: now, 11 min, 3 h, 2 d; after two weeks the day itself."""
    age = clock.now() - at
    if age >= AGE_ENDS:
        return day(at)
    if age < MINUTE:
        return str(_("now"))
    return _largest(age)


def span(length: timedelta) -> str:
    """A length of time in its two largest units: 4 d 14 h, 3 h 20 min, 40 s. Below zero counts as none."""
    if length < MINUTE:
        return str(_("%(count)s s", count=max(0, length // timedelta(seconds=1))))
    first = _largest(length)
    rest = length % DAY if length >= DAY else length % HOUR
    step = HOUR if length >= DAY else MINUTE
    return f"{first} {_largest(rest)}" if length >= HOUR and rest >= step else first


def _largest(length: timedelta) -> str:
    if length >= DAY:
        return str(_("%(count)s d", count=length // DAY))
    if length >= HOUR:
        return str(_("%(count)s h", count=length // HOUR))
    return str(_("%(count)s min", count=length // MINUTE))


def left(until: datetime) -> str:
    """How long it is until a moment: 4 d 14 h."""
    return span(until - clock.now())


def soon(at: datetime) -> str:
    """How long it is until a moment, in the fewest words: 22 h."""
    return _largest(max(MINUTE, at - clock.now()))


def _year_if_other(at: datetime) -> str:
    return "" if to_user_timezone(at).year == to_user_timezone(clock.now()).year else " yyyy"


def day(at: date) -> str:
    """19 Nov, with the year where it is not this one. A day without a time is no moment: it is the same everywhere."""
    if isinstance(at, datetime):
        return str(format_datetime(at, f"d MMM{_year_if_other(at)}"))
    return str(format_date(at, "d MMM" if at.year == clock.now().year else "d MMM yyyy"))


def weekday(on: date) -> str:
    """A day of these weeks: Fri 27."""
    return str(format_date(on, "EEE d"))


def when(at: datetime) -> str:
    """Where somebody acts: Thu 19 Nov, 09:12."""
    return str(format_datetime(at, f"EEE d MMM{_year_if_other(at)}, HH:mm"))


def day_time(at: datetime) -> str:
    """In a list of facts: 19 Nov, 09:12."""
    return str(format_datetime(at, f"d MMM{_year_if_other(at)}, HH:mm"))


def hour(at: datetime) -> str:
    """The clock alone: 09:12."""
    return str(format_datetime(at, "HH:mm"))


def exact(at: datetime) -> str:
    """In proof, and as the title of each relative time: 19 Nov 2026, 09:03:41 CST."""
    return str(format_datetime(at, "d MMM yyyy, HH:mm:ss z"))


def number(value: Decimal | float, digits: int | None = None) -> str:
    """5,212 in the reader's form, real minus sign; `digits` after the point if a fixed count is wanted."""
    shape = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=shape, locale=locale_code()).replace("-", "\N{MINUS SIGN}")


def percent(part: Decimal | float, digits: int = 0) -> str:
    """A part of one as per cent: 0.981 -> 98.1 % with one digit; a narrow space keeps number and sign together."""
    return f"{number(part * 100, digits)}{NARROW_SPACE}%"


def size(octets: int) -> str:
    """How big a file is, in the unit people read: 2 kB, 1.4 MB."""
    for unit, least in (("MB", KILO**2), ("kB", KILO)):
        if octets >= least:
            digits = 1 if unit == "MB" else 0
            return f"{number(octets / least, digits)} {unit}"
    return str(_("%(count)s B", count=octets))


def signed(money: Money) -> str:
    """An amount in a statement: + before what came, a real minus before what went, nothing before zero."""
    return f"+{format_money(money)}" if money.amount > 0 else format_money(money)


def geometry(part: Decimal | float) -> str:
    """A part of one as a coordinate of an SVG, always with a point and inside its frame: 34.5%."""
    return f"{min(1.0, max(0.0, float(part))) * 100:.4g}%"


def took(milliseconds: int) -> str:
    """How long something ran: 38 ms, 4.1 s, 3 min."""
    if milliseconds < KILO:
        return str(_("%(count)s ms", count=milliseconds))
    length = timedelta(milliseconds=milliseconds)
    return span(length) if length >= MINUTE else str(_("%(count)s s", count=number(milliseconds / KILO, 1)))


def in_fours(letters: str) -> str:
    """A long hash as people compare it: groups of four with spaces, which is also where it may wrap."""
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


FILTERS = (
    ago,
    span,
    left,
    soon,
    day,
    weekday,
    when,
    day_time,
    hour,
    exact,
    number,
    percent,
    size,
    signed,
    geometry,
    took,
    in_fours,
)


def install(app: Flask) -> None:
    """Give templates the filters by their names, `money`, and `lang()` for the page's own language."""
    app.jinja_env.filters.update({shape.__name__: shape for shape in FILTERS}, money=format_money)
    app.jinja_env.globals["lang"] = lambda: locale_code().replace("_", "-")
