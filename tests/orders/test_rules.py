"""How money is split: the worked example of the money notes, and what holds for every amount."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.models import OrderState
from marketplace.orders.rules import ALLOWED, PER_SALE_ALLOWED, Release, refund_of, release_of

cents = st.integers(min_value=0, max_value=10**12)
FEE_BP, RESERVE_BP = 1_000, 1_000
rates = st.integers(min_value=0, max_value=10_000)


def test_the_worked_example():
    assert release_of(100_00, FEE_BP, RESERVE_BP) == Release(fee=10_00, reserve=9_00, payable=81_00)


def test_the_worked_example_after_a_refund_of_forty():
    assert release_of(60_00, FEE_BP, RESERVE_BP) == Release(fee=6_00, reserve=5_40, payable=48_60)


@given(cents, rates, rates)
def test_parts_add_up_and_none_is_negative(held: int, fee_bp: int, reserve_bp: int):
    parts = release_of(held, fee_bp, reserve_bp)
    assert parts.fee + parts.reserve + parts.payable == held
    assert min(parts.fee, parts.reserve, parts.payable) >= 0


@given(cents, st.sampled_from([0, 25, 50, 100]))
def test_a_refund_is_never_more_than_the_price(price: int, percent: int):
    amount = refund_of(price, percent)
    assert 0 <= amount <= price
    assert abs(amount * 100 - price * percent) <= 50


def test_finished_orders_stay_finished():
    assert not ALLOWED[OrderState.REFUNDED]
    assert not ALLOWED[OrderState.CLAWED_BACK]
    assert ALLOWED[OrderState.RELEASED] == {OrderState.CLAWED_BACK}
    assert not PER_SALE_ALLOWED[OrderState.REFUNDED]


def test_every_state_has_its_place_and_leads_somewhere_that_is_one():
    assert set(ALLOWED) | set(PER_SALE_ALLOWED) == set(OrderState)
    for table in (ALLOWED, PER_SALE_ALLOWED):
        assert {state for states in table.values() for state in states} <= set(table)
