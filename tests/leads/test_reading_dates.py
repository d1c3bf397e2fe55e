from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.leads.reading import DateOrder, decide_order, parse_moment
from marketplace.leads.reading.countries import country_code


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-08-31T11:18:23+05:30", datetime(2026, 8, 31, 5, 48, 23, tzinfo=UTC)),
        ("2026-08-31T11:18:23+0530", datetime(2026, 8, 31, 5, 48, 23, tzinfo=UTC)),
        ("2026-08-31T11:18:23Z", datetime(2026, 8, 31, 11, 18, 23, tzinfo=UTC)),
        ("2026-08-31 11:18:23 UTC", datetime(2026, 8, 31, 11, 18, 23, tzinfo=UTC)),
        ("2026-08-31 11:18", datetime(2026, 8, 31, 11, 18, tzinfo=UTC)),
        ("2026-08-31 2:30 PM", datetime(2026, 8, 31, 14, 30, tzinfo=UTC)),
        ("2026-08-31", datetime(2026, 8, 31, tzinfo=UTC)),
        ("2026/8/31", datetime(2026, 8, 31, tzinfo=UTC)),
        ("31.08.2026 11:18", datetime(2026, 8, 31, 11, 18, tzinfo=UTC)),
        ("8/31/2026 12:30 am", datetime(2026, 8, 31, 0, 30, tzinfo=UTC)),
        ("8/31/26", datetime(2026, 8, 31, tzinfo=UTC)),
        ("Aug 31, 2026", datetime(2026, 8, 31, tzinfo=UTC)),
        ("Mon, 31 Aug 2026 10:00:00 +0200", datetime(2026, 8, 31, 8, tzinfo=UTC)),
        ("Monday, August 31, 2026 at 3:04 pm", datetime(2026, 8, 31, 15, 4, tzinfo=UTC)),
        ("1788175103", datetime(2026, 8, 31, 11, 18, 23, tzinfo=UTC)),
        ("1788175103000", datetime(2026, 8, 31, 11, 18, 23, tzinfo=UTC)),
        ("46265.5", datetime(2026, 8, 31, 12, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_to_utc_however_it_is_written(raw, moment):
    assert parse_moment(raw) == moment


@pytest.mark.parametrize(
    "raw", ["", "soon", "2026-13-01", "31.02.2026", "99/99/9999", "05: 18: 14Z", "12", "+12127365000"]
)
def test_what_is_no_moment_is_not_read_as_one(raw):
    assert parse_moment(raw) is None


def test_the_order_of_day_and_month_is_the_files():
    assert parse_moment("3/4/2026", "mdy") == datetime(2026, 3, 4, tzinfo=UTC)
    assert parse_moment("3/4/2026", "dmy") == datetime(2026, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "country", "order"),
    [
        (["1/2/2026", "3/15/2026"], "GB", DateOrder("mdy", sure=True)),
        (["1/2/2026", "15/3/2026"], "US", DateOrder("dmy", sure=True)),
        (["1/2/2026"], "US", DateOrder("mdy", sure=False)),
        (["1/2/2026"], "PL", DateOrder("dmy", sure=False)),
        (["3/15/2026", "4/16/2026", "17/4/2026"], "GB", DateOrder("mdy", sure=False)),
        (["2026-01-02", "13.01.2026"], None, DateOrder("mdy", sure=False)),
    ],
)
def test_a_number_above_twelve_decides_for_the_file_else_the_country(values, country, order):
    assert decide_order(values, country) == order


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9/.:T +-]{1,30}", fullmatch=True)))
def test_any_text_is_a_moment_in_utc_or_none(raw):
    moment = parse_moment(raw)
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("raw", "code"),
    [("France", "FR"), ("us", "US"), ("UK", "GB"), ("Deutschland", "DE"), ("Франция", "FR"), ("Polska", "PL"),
     ("USA", "US"), ("deu", "DE"), ("PRI", "PR"), ("SUN", None), ("840", None),
     ("فرنسا", "FR"), ("nowhere", None), ("XX", None), ("", None)],
)  # fmt: skip
def test_a_country_is_known_by_its_code_or_its_name(raw, code):
    assert country_code(raw) == code
