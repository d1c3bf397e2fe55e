from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from marketplace.kit.money import Money
from marketplace.web import shapes

NOW = datetime(2026, 11, 19, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def chicago(parts_app):
    with parts_app.test_request_context(), time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=11), "11 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=14), "5 Nov"),
        (timedelta(days=340), "14 Dec 2025"),
    ],
)
def test_age_takes_the_fewest_words(age, words):
    assert shapes.ago(NOW - age) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=4, hours=14, minutes=5), "4 d 14 h"),
        (timedelta(days=2, minutes=59), "2 d"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(minutes=5, seconds=40), "5 min"),
        (timedelta(seconds=23), "23 s"),
        (timedelta(seconds=-5), "0 s"),
    ],
)
def test_a_length_shows_its_two_largest_units(length, words):
    assert shapes.span(length) == words
    assert shapes.left(NOW + length) == words


def test_dates_are_in_the_readers_time_zone():
    assert shapes.when(NOW) == "Thu 19 Nov, 09:12"
    assert shapes.day_time(NOW) == "19 Nov, 09:12"
    assert shapes.hour(NOW) == "09:12"
    assert shapes.exact(NOW) == "19 Nov 2026, 09:12:00 CST"


def test_the_year_is_said_where_it_is_another():
    assert shapes.when(datetime(2025, 1, 2, 12, tzinfo=UTC)) == "Thu 2 Jan 2025, 06:00"
    assert shapes.day(datetime(2027, 1, 1, 3, tzinfo=UTC)) == "31 Dec"


def test_numbers_have_a_real_minus_and_per_cent_a_narrow_space():
    assert shapes.number(5212) == "5,212"
    assert shapes.number(-0.583, 2) == "\u22120.58"
    assert shapes.percent(0.981, 1) == "98.1\u202f%"
    assert shapes.percent(1) == "100\u202f%"


def test_numbers_follow_the_readers_language(parts_app):
    with parts_app.test_request_context("/?lang=es"):
        assert shapes.number(12345.5) == "12.345,5"
        assert shapes.geometry(0.345) == "34.5%"


@pytest.mark.parametrize(("octets", "words"), [(0, "0 B"), (999, "999 B"), (2048, "2 kB"), (1_400_000, "1.4 MB")])
def test_sizes_are_in_the_unit_people_read(octets, words):
    assert shapes.size(octets) == words


def test_an_amount_in_a_statement_says_its_direction():
    assert [shapes.signed(Money(cents, "USD")) for cents in (3910, -4400, 0)] == ["+$39.10", "\u2212$44.00", "$0.00"]


@pytest.mark.parametrize(("part", "place"), [(0, "0%"), (0.345, "34.5%"), (1.2, "100%"), (-3, "0%"), (1 / 3, "33.33%")])
def test_geometry_stays_inside_its_frame(part, place):
    assert shapes.geometry(part) == place


@pytest.mark.parametrize(
    ("milliseconds", "words"), [(38, "38 ms"), (4100, "4.1 s"), (59_900, "59.9 s"), (192_000, "3 min"), (0, "0 ms")]
)
def test_how_long_something_ran_is_said_in_the_unit_that_fits(milliseconds, words):
    assert shapes.took(milliseconds) == words


def test_a_long_hash_is_read_in_groups_of_four():
    assert shapes.in_fours("9f3c7d1044be") == "9f3c 7d10 44be"
