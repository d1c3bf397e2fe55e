"""The rating: its published path to the printed digit, and what nothing may change about it."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.quality.rating import (
    Expectation,
    Grade,
    Outcome,
    Outcomes,
    alarm,
    learn_expectation,
    newcomer,
    rate,
    rate_channels,
    ratio,
    refit_prior,
)
from marketplace.quality.rating.score import grade, score
from marketplace.quality.rating.weights import cap, decay

#: leads, faults, score: e = .08, no decay, no cap
PATH = [
    (0, 0, 71.6), (10, 0, 81.5), (20, 0, 86.3), (50, 0, 92.3), (100, 0, 95.5),
    (200, 4, 95.0), (200, 10, 91.6), (100, 15, 79.5), (200, 60, 65.7),
]  # fmt: skip


@pytest.mark.parametrize(("leads", "faults", "printed"), PATH)
def test_the_published_path(leads, faults, printed):
    assert round(score(ratio(faults, 0.08 * leads), 0.08), 1) == printed


@pytest.mark.parametrize(("leads", "faults", "printed"), PATH[1:])
def test_the_path_holds_for_whole_outcomes_of_many_buyers(leads, faults, printed):
    outcomes = many("a", leads, faults, buyers=leads)
    assert round(rate(outcomes, Expectation())["a"].score, 1) == printed


def many(agency, leads, faults, *, buyers=10, into=None, age=0.0):
    outcomes = into if into is not None else Outcomes()
    for number in range(leads):
        outcomes.add(Outcome(agency, f"b{number % buyers}", "v", "c", age, int(number < faults)))
    return outcomes


def test_a_newcomer_is_where_the_path_begins():
    found = newcomer()
    assert (round(found.score, 1), found.grade, found.leads) == (71.6, Grade.NEW, 0)


@pytest.mark.parametrize(
    ("leads", "buyers", "expected"),
    [(9, 9, Grade.NEW), (200, 2, Grade.NEW), (200, 3, Grade.C), (200, 4, Grade.C), (200, 5, Grade.A)],
)
def test_grades_need_leads_and_unlinked_buyers(leads, buyers, expected):
    assert rate(many("a", leads, 0, buyers=buyers), Expectation())["a"].grade is expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [(95, "A"), (94.99, "B"), (90, "B"), (85, "C"), (78, "D"), (77.9, "E"), (70, "E"), (69.9, "F"), (0, "F")],
)
def test_the_bounds_of_the_grades(points, expected):
    assert grade(points, leads=100, buyers=5) == expected


def test_linked_buyers_count_as_one():
    links = {f"b{number}": "one owner" for number in range(8)}
    outcomes = many("a", 200, 0, into=Outcomes(links=links))
    assert rate(outcomes, Expectation())["a"].buyers == 3
    assert rate(many("a", 200, 0), Expectation())["a"].grade is Grade.A


def test_an_outcome_of_half_a_year_ago_weighs_half():
    assert decay(180) == pytest.approx(0.5)
    fresh, old = rate(many("a", 100, 20), Expectation())["a"], rate(many("a", 100, 20, age=180), Expectation())["a"]
    assert old.faults.came - 2.7 == pytest.approx((fresh.faults.came - 2.7) / 2)
    assert width(old) > width(fresh), "and one is less sure"


def width(found):
    low, high = found.interval
    return high - low


@given(st.lists(st.floats(0.01, 1000), min_size=1, max_size=30))
def test_the_cap_is_a_fixed_point_and_the_largest(weights):
    found = cap(weights)
    share = max(0.2, 1 / len(weights))

    def image(c):
        return max(5.0, share * sum(min(weight, c) for weight in weights))

    assert image(found) == pytest.approx(found, rel=1e-3)
    assert all(image(found * more) < found * more + 1e-6 for more in (1.05, 1.5, 3, 10) if found * more < sum(weights))


def test_no_buyer_gives_more_than_a_fifth_of_the_whole():
    weights = [1000.0] + [10.0] * 20
    most = cap(weights)
    assert most / sum(min(weight, most) for weight in weights) == pytest.approx(0.2)


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_the_order_of_outcomes_changes_nothing(source):
    rows = [
        Outcome(
            f"a{source.randrange(3)}", f"b{source.randrange(9)}", "v", "c", source.randrange(400), source.randrange(2)
        )
        for _ in range(60)
    ]
    one, other = Outcomes(), Outcomes()
    for row in rows:
        one.add(row)
    source.shuffle(rows)
    for row in rows:
        other.add(row)
    first, second = rate(one), rate(other)
    assert first.keys() == second.keys()
    assert all(first[name].score == pytest.approx(second[name].score) for name in first)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 200), st.integers(0, 200))
def test_one_more_fault_never_raises_and_one_clean_lead_never_lowers(leads, faults):
    faults = min(faults, leads)
    before = score(ratio(faults, 0.08 * leads), 0.08)
    assert score(ratio(faults + 1, 0.08 * (leads + 1)), 0.08) <= before
    assert score(ratio(faults, 0.08 * (leads + 1)), 0.08) >= before


def test_an_expectation_given_with_the_outcome_is_used():
    outcomes = Outcomes()
    for number in range(50):
        outcomes.add(Outcome("a", f"b{number}", "v", "c", 0, 0, expected=0.3))
    found = rate(outcomes)["a"]
    assert found.usual == pytest.approx(0.3)
    assert found.faults.expected == pytest.approx(1.5 + 15)


def world(seed=3, leads=6000, complainer=None):
    """Thirty agencies, forty buyers; a vertical and a channel that complain more; maybe one who always does."""
    source, outcomes = random.Random(seed), Outcomes()
    for _ in range(leads):
        agency, buyer, channel = source.randrange(30), source.randrange(40), source.randrange(4)
        chance = 0.04 + 0.12 * (channel == 0) + (0.5 if buyer == complainer else 0)
        fault = int(source.random() < chance)
        outcomes.add(Outcome(f"a{agency}", f"b{buyer}", f"v{agency % 3}", f"c{channel}", source.random() * 300, fault))
    return outcomes


def test_expectations_know_channels_and_buyers_but_not_the_agency():
    found = learn_expectation(world(complainer=7))
    bad_channel, bad_buyer, usual = (found.of("v0", c, b)[0] for c, b in (("c0", "b1"), ("c1", "b7"), ("c1", "b1")))
    assert bad_channel > 2 * usual
    assert bad_buyer > 4 * usual
    assert found.of("v0", "c1", "b7")[1] == pytest.approx(found.of("v0", "c1", "nobody")[0])
    assert Expectation(**json.loads(json.dumps(found.to_json()))) == found


def test_little_is_expected_from_few_outcomes():
    assert learn_expectation(world(leads=1999)) == Expectation()
    assert Expectation().of("v", "c", "b") == (0.08, 0.08)


def test_channels_are_rated_apart():
    outcomes = many("a", 60, 0)
    for number in range(60):
        outcomes.add(Outcome("a", f"b{number % 10}", "v", "bad", 0, int(number < 30)))
    found = rate_channels(outcomes, Expectation())
    assert found["a", "c"].score > 90
    assert found["a", "bad"].score < 60


def test_the_interval_holds_four_times_in_five():
    source, inside = random.Random(5), 0
    for _ in range(400):
        truth = source.gammavariate(1.5, 1 / 1.5)
        leads = source.randint(30, 200)
        came = sum(source.random() < min(1, 0.08 * truth) for _ in range(leads))
        low, high = ratio(came, 0.08 * leads, prior_ratio=1).interval
        inside += low <= truth <= high
    assert 0.74 <= inside / 400 <= 0.92


def test_the_priors_weight_follows_how_much_agencies_differ():
    source = random.Random(6)

    def exchange(shape):
        return [(poisson(8 * source.gammavariate(shape, 1 / shape), source), 8.0) for _ in range(300)]

    assert refit_prior(exchange(0.7)) < 1.2
    assert refit_prior(exchange(6)) > 3
    assert refit_prior([]) == 1.5


def poisson(mean, source):
    count, reached = 0, source.expovariate(1)
    while reached < mean:
        count, reached = count + 1, reached + source.expovariate(1)
    return count


def test_alarms_are_rarely_false_and_soon_true():
    source = random.Random(7)

    def leads_to_alarm(rate, most):
        level = 0.0
        for lead in range(1, most + 1):
            level = alarm.after(level, fault=source.random() < rate, expected=0.04)
            if alarm.is_alarm(level):
                return lead
        return most + 1

    assert sum(leads_to_alarm(0.04, 300) <= 300 for _ in range(400)) / 400 < 0.09
    assert sorted(leads_to_alarm(0.2, 1000) for _ in range(201))[100] <= 40
    assert sorted(leads_to_alarm(0.12, 1000) for _ in range(201))[100] <= 95


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), max_size=50))
def test_an_alarm_never_counts_below_zero(leads):
    level = 0.0
    for fault, expected in leads:
        level = alarm.after(level, fault=fault, expected=expected)
        assert level >= 0
