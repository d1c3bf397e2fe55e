"""The suggested price: a base from kept prices, factors in words, whole cents."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.quality.pricing import Qualified, after_refunds, commission, drawn, drawn_class, suggest


def base(price, count):
    """Of a region whose prices are one, in a vertical of a hundred at 2000."""
    return drawn(math.log(price), count, math.log(2000), 0.0, 100)


BASE = base(2000, 40)
USUAL = {"quality": 1.0, "buyers": 1, "age_hours": 0.0, "volume": 50, "orders_per_lead": 1.0}


def test_a_usual_fresh_exclusive_lead_has_the_usual_price():
    found = suggest(BASE, **USUAL)
    assert found.price == 2000
    assert found.low < 2000 < found.high
    assert all(factor.value == 1 for factor in found.factors)


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        ({"quality": 2.0}, 2**0.7),
        ({"buyers": 2}, 0.8 / math.sqrt(2)),
        ({"buyers": 20}, 0.3),
        ({"age_hours": 24}, 0.65),
        ({"age_hours": 10_000}, 0.3),
        ({"volume": 100}, 0.97),
        ({"volume": 200}, 0.94),
        ({"volume": 10**6}, 0.85),
        ({"volume": 10}, 1),
        ({"orders_per_lead": 100}, 1.25),
        ({"orders_per_lead": 0}, 0.8),
    ],
)
def test_each_factor_as_published(change, factor):
    assert suggest(BASE, **{**USUAL, **change}).price == pytest.approx(2000 * factor, abs=1)


def test_a_region_with_few_prices_is_drawn_to_its_vertical():
    few, many = base(4000, 2), base(4000, 200)
    assert 2000 < math.exp(few.log_price) < 2500
    assert 3700 < math.exp(many.log_price) < 4000
    assert base(4000, 0).log_price == pytest.approx(math.log(2000))


def test_how_far_persons_are_is_a_factor_only_where_it_was_measured():
    assert [factor.name for factor in suggest(BASE, **USUAL).factors][-1] == "competition"
    found = suggest(BASE, **USUAL, qualified=Qualified(math.log(1.5), "all SQL"))
    assert (found.price, found.factors[-1].name, found.factors[-1].words) == (3000, "qualification", "all SQL")


@pytest.mark.parametrize(
    ("times", "count", "ratio"), [(2, 0, 1), (2, 10, math.sqrt(2)), (2, 10**6, 2), (50, 10**6, 2), (0.01, 10**6, 0.5)]
)
def test_a_class_with_few_prices_is_drawn_to_the_usual_lead(times, count, ratio):
    assert math.exp(drawn_class(math.log(times), count)) == pytest.approx(ratio, rel=1e-4)


@given(st.floats(0, 100), st.integers(1, 50), st.floats(0, 1e6), st.integers(0, 10**7), st.floats(0, 1e6))
def test_every_price_is_whole_positive_and_inside_its_interval(quality, buyers, age, volume, orders):
    found = suggest(BASE, quality=quality, buyers=buyers, age_hours=age, volume=volume, orders_per_lead=orders)
    assert 1 <= found.low <= found.price <= found.high
    assert [cents % 1 for cents in (found.low, found.price, found.high)] == [0, 0, 0]
    assert all(factor.words for factor in found.factors)


@given(st.floats(0, 1000), st.floats(0, 1000))
def test_an_older_lead_is_never_dearer(one, other):
    younger, older = sorted((one, other))
    assert (
        suggest(BASE, **{**USUAL, "age_hours": older}).price <= suggest(BASE, **{**USUAL, "age_hours": younger}).price
    )


def test_a_sale_pays_for_the_leads_that_do_not_sell():
    assert commission(2000, 0.1) == round(2000 * 1.15 / (0.1 * 0.82))
    assert commission(2000, 0) is None
    assert after_refunds(2000, 0.1) == 1800
    assert after_refunds(2000, 5) == 0
