"""How commissions are worked out, planned, split and waited for: worked examples, and what holds for every amount."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalog import CommissionTerms
from marketplace.kit.months import months_later
from marketplace.orders.models import OrderState
from marketplace.orders.rules import release_of
from marketplace.orders.sales import rules
from marketplace.orders.sales.models import Sale, SaleState

cents = st.integers(min_value=0, max_value=10**11)
rates = st.integers(min_value=0, max_value=10_000)
AT = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)


def terms(**more):
    plain = {
        "kind": "percent",
        "expected_cents": 100_00,
        "channel": "page",
        "data_sharing": "amounts",
        "rate_bp": 1_200,
    }
    return CommissionTerms(**{**plain, **more})


@pytest.mark.parametrize(
    ("more", "sale", "commission"),
    [
        ({}, 1_000_00, 120_00),
        ({}, 0, 0),
        ({"least_cents": 20_00}, 10_00, 20_00),
        ({"most_cents": 90_00}, 1_000_00, 90_00),
        ({"least_cents": 20_00}, 0, 0),  # nothing was sold, nothing is due
        ({"kind": "flat", "amount_cents": 50_00, "rate_bp": None}, 1, 50_00),
        ({"kind": "flat", "amount_cents": 50_00, "rate_bp": None}, 0, 0),
        ({"rate_bp": 1_250}, 1_02, 13),  # 12.75 rounds half up
    ],
)
def test_a_commission_follows_its_terms(more, sale, commission):
    assert terms(**more).of_sale(sale) == commission


def test_the_deposit_is_a_fifth_of_what_is_expected():
    assert terms().usual_deposit == 20_00


@given(cents, st.integers(1, 12))
def test_monthly_parts_add_up_and_none_is_negative(commission, count):
    parts = rules.parts(commission, count, AT)
    assert sum(part for _at, part in parts) == commission
    assert min(part for _at, part in parts) >= 0
    assert max(part for _at, part in parts) - min(part for _at, part in parts) <= 1
    assert [at for at, _part in parts] == [months_later(AT, number) for number in range(count)]


@given(cents, st.integers(1, 12), st.integers(0, 400))
def test_what_is_to_be_paid_only_grows_and_ends_at_all_of_it(commission, count, days):
    now = AT + timedelta(days=days)
    payable, following = rules.payable_by(commission, count, AT, now)
    later, _next = rules.payable_by(commission, count, AT, now + timedelta(days=1))
    assert 0 <= payable <= later <= commission
    assert (following is None) == (now >= months_later(AT, count - 1))
    if following is None:
        assert payable == commission


@given(st.lists(cents, min_size=1, max_size=12), rates, rates)
def test_releases_one_after_another_pay_what_one_would(pieces, fee_bp, reserve_bp):
    before, fee, reserve, payable = 0, 0, 0, 0
    for piece in pieces:
        part = rules.release_part(before, piece, fee_bp, reserve_bp)
        assert min(part.fee, part.reserve, part.payable) >= 0
        assert part.fee + part.reserve + part.payable == piece
        before, fee, reserve, payable = before + piece, fee + part.fee, reserve + part.reserve, payable + part.payable
    whole = release_of(before, fee_bp, reserve_bp)
    assert (fee, reserve, payable) == (whole.fee, whole.reserve, whole.payable)


@given(st.lists(cents, min_size=1, max_size=12), st.integers(1, 10_000), st.none() | cents, st.none() | cents)
def test_corrections_end_where_the_last_one_says(amounts, rate_bp, least, most):
    """Money goes in and comes back by differences: what is kept is always the commission of the amount that stands."""
    agreed = terms(rate_bp=rate_bp, least_cents=least, most_cents=most)
    paid = returned = 0
    for amount in amounts:
        due = agreed.of_sale(amount)
        paid += max(0, due - (paid - returned))
        returned += max(0, (paid - returned) - due)
        assert paid - returned == due
        assert 0 <= returned <= paid


@pytest.mark.parametrize(
    ("sales", "state"),
    [
        (["released", "reported"], OrderState.REPORTED),
        (["held", "contested"], OrderState.REPORTED),
        (["held", "commission_due"], OrderState.COMMISSION_DUE),
        (["released", "held"], OrderState.HELD),
        (["released", "reversed"], OrderState.RELEASED),
        (["reversed", "void"], OrderState.REVERSED),
        (["void"], OrderState.ACQUIRED),
        ([], OrderState.ACQUIRED),
    ],
)
def test_an_order_is_where_the_least_settled_of_its_sales_is(sales, state):
    assert rules.order_state([SaleState(sale) for sale in sales], is_closed=False) == state


def test_without_a_sale_an_order_that_was_closed_stays_closed():
    assert rules.order_state([SaleState.VOID], is_closed=True) == OrderState.CLOSED_NO_SALE


@pytest.mark.parametrize(
    ("amount", "commission", "kept", "released", "state"),
    [
        (0, 0, 0, 0, "reversed"),
        (1, 0, 0, 0, "released"),  # too little for a commission
        (100, 10, 9, 0, "commission_due"),
        (100, 10, 10, 0, "held"),
        (100, 10, 10, 10, "released"),
    ],
)
def test_a_sale_is_where_its_money_is(amount, commission, kept, released, state):
    assert rules.sale_state(amount, commission, kept, released) == state


def test_every_state_of_a_sale_has_its_place_and_the_last_ones_stay():
    assert set(rules.ALLOWED) == set(SaleState)
    assert rules.ALLOWED[SaleState.VOID] == frozenset()


@pytest.mark.parametrize(
    ("day", "reminders", "following"), [(0, 0, 30), (29, 0, 30), (30, 1, 60), (60, 2, 80), (80, 3, 90), (89, 3, 90)]
)
def test_reminders_come_after_30_60_and_80_of_90_days(day, reminders, following):
    step = rules.waiting_step(AT, AT + timedelta(days=90), AT + timedelta(days=day))
    assert (step.reminders, step.next_at) == (reminders, AT + timedelta(days=following))


def test_months_end_where_the_calendar_does():
    assert months_later(AT, 1) == AT.replace(month=2, day=28)
    assert months_later(AT, 12) == AT.replace(year=2027)
    assert months_later(AT, 11) == AT.replace(month=12)


@pytest.mark.parametrize(
    ("others", "is_so"),
    [
        ([("void", 8, False)], False),
        ([("void", 6, False)], True),
        ([("void", 9, False), ("void", 2, False)], False),
        ([("void", 60, False), ("held", 50, True)], True),
        ([("void", 60, False), ("void", 50, True)], True),
        ([("void", 60, False), ("held", 50, True), ("void", 8, False)], False),
        ([("reported", 9, False)], True),
    ],
)
def test_a_report_that_was_taken_back_unanswered_has_begun_the_time_of_the_next(others, is_so):
    """Each other report: what became of it, how many days ago it was made, whether somebody answered it."""
    sales = [
        Sale(state=state, reported_at=AT - timedelta(days=days), decided_at=AT if is_answered else None)
        for state, days, is_answered in [*others, ("reported", 1, False)]
    ]
    assert rules.is_correctable(sales[-1], sales, AT) == is_so
