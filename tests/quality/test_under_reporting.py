"""The bet against buyers who keep sales back: honest ones lose it, whatever moment one looks at."""

import json
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.quality.under_reporting import FLAG_AT, Bet, bet_from, chance_of_sale, closed_by, play


def reports(source, share, leads, spread=0.5):
    chances = [0.3 * source.uniform(1 - spread, 1 + spread) for _ in range(leads)]
    return chances, [int(source.random() < share * chance) for chance in chances]


def test_honest_buyers_are_hardly_ever_flagged():
    source = random.Random(11)
    flagged = sum(play(*reports(source, 0.8, 200), rho0=0.8).is_flagged for _ in range(1500))
    assert flagged / 1500 <= 0.013 + 0.004  # three standard errors of 1,500


def test_half_reporting_is_found_soon():
    source = random.Random(12)
    found = [play(*reports(source, 0.4, 600), rho0=0.8).flagged_at or 601 for _ in range(200)]
    assert statistics.median(found) <= 120


def test_the_formula_is_the_published_one():
    chances, came, rho0 = [0.2, 0.3, 0.5], [0, 1, 0], 0.8
    expected = 0.0
    for rate in (0.1, 0.25, 0.4, 0.55):
        part = 1.0
        for p, y in zip(chances, came, strict=True):
            part *= rate / rho0 if y else (1 - rate * p) / (1 - rho0 * p)
        expected += part / 4
    assert play(chances, came, rho0=rho0).e_value == pytest.approx(expected)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60), st.sampled_from([0.8, 0.65]))
def test_one_by_one_is_the_same_as_all_at_once_and_survives_storage(leads, rho0):
    bet = Bet(rho0)
    for chance, reported in leads:
        bet = bet_from(json.loads(json.dumps(bet.to_json()))).after(chance, reported=reported)
    whole = play([chance for chance, _ in leads], [int(reported) for _, reported in leads], rho0=rho0)
    assert whole.logs == pytest.approx(bet.logs)
    assert (whole.leads, whole.flagged_at) == (bet.leads, bet.flagged_at)


@given(st.lists(st.tuples(st.floats(0.01, 0.9), st.booleans()), min_size=1, max_size=40), st.randoms())
def test_the_order_of_leads_does_not_change_where_the_bet_ends(leads, source):
    shuffled = list(leads)
    source.shuffle(shuffled)
    ends = [play([p for p, _ in each], [int(y) for _, y in each]).e_value for each in (leads, shuffled)]
    assert ends[0] == pytest.approx(ends[1])


def test_a_report_lowers_and_silence_raises_suspicion_and_a_flag_stays():
    assert play([0.3], [1]).e_value < 1 < play([0.3], [0]).e_value
    silent = play([0.3] * 200, [0] * 200)
    assert silent.e_value >= FLAG_AT
    assert silent.flagged_at < 30
    assert play([0.3] * 240, [0] * 40 + [1] * 200).is_flagged


def test_sales_take_their_time():
    assert [closed_by(days) for days in (-1, 0, 7, 90, 180, 5000)] == [0, 0, 0.34, 0.82, 0.92, 0.92]
    assert closed_by(22) == pytest.approx(0.51 + 0.15 / 2)
    assert chance_of_sale(0.5, 90) == pytest.approx(0.41)
    ages = [closed_by(days) for days in range(400)]
    assert ages == sorted(ages)
