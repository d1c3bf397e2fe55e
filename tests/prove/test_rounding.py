"""Every amount up to 20.00, at every rate in use, in every way in which an order's money is divided: exact to the cent.

Parts that come one after another (a price taken back bit by bit) are cumulative: what has come so far is divided by
one rate, and a part is the difference to before. So it is enough that the divided sum grows by 0 or 1 with each cent:
then any sequence of any parts adds up, and none is negative or more than itself.
"""

import itertools
from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace import orders
from marketplace.catalog.commission_schemas import MOST_INSTALMENTS
from marketplace.disputes.rules import REFUNDS
from marketplace.events import SYSTEM
from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.kit.money import PER_BP, share
from marketplace.ledger import Account, balance
from marketplace.orders.jobs import release_due
from marketplace.orders.promos import Gift, split
from marketplace.orders.rules import fee_part, refund_of, release_of
from marketplace.orders.sales.rules import plan, release_part
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale

AMOUNTS = range(1, 2_001)
NOBODY = UUID(int=0)
REFUND_PERCENTS = sorted(set().union(*REFUNDS.values()))
#: parts of what is left, taken one after another: up to three of 25 and 50 %, and perhaps all of the rest
FEW = [parts for length in range(4) for parts in itertools.product((25, 50), repeat=length)]
TAKEN = [*FEW[1:], *((*parts, 100) for parts in FEW)]


@pytest.fixture(scope="module")
def rates(product):
    """(fee, reserve) of every grade, in basis points, from the settings that a purchase freezes."""
    with product.app_context():
        found = session().execute(text("SELECT DISTINCT fee_bp, reserve_bp FROM grade_terms")).all()
        session().rollback()
    assert len(found) > 4
    return [(row.fee_bp, row.reserve_bp) for row in found]


def test_what_is_refunded_and_released_is_the_price(rates):
    for price in AMOUNTS:
        for percent in REFUND_PERCENTS:
            refunded = refund_of(price, percent)
            assert 0 <= refunded <= price
            for fee_bp, reserve_bp in rates:
                parts = release_of(price - refunded, fee_bp, reserve_bp)
                assert refunded + parts.fee + parts.reserve + parts.payable == price
                assert min(parts.fee, parts.reserve, parts.payable) >= 0
                assert 2 * abs(parts.fee * PER_BP - (price - refunded) * fee_bp) <= PER_BP


def test_a_divided_sum_grows_by_a_cent_or_not_with_each_cent(rates):
    for bp in {bp for pair in rates for bp in pair}:
        for so_far in range(AMOUNTS.stop):
            assert fee_part(so_far, 1, bp) in (0, 1)


def test_what_is_taken_back_bit_by_bit_gives_back_the_whole_fee_and_no_part_is_negative(rates):
    fees = {fee_bp for fee_bp, _reserve_bp in rates}
    for released, fee_bp, sequence in itertools.product(AMOUNTS, fees, TAKEN):
        taken = given_back = 0
        for percent in sequence:
            part = share(released - taken, percent * 100)
            fee = fee_part(taken, part, fee_bp)
            assert 0 <= fee <= part
            taken, given_back = taken + part, given_back + fee
        assert given_back == share(taken, fee_bp)
        assert taken < released or given_back == release_of(released, fee_bp, 0).fee


def test_several_releases_of_a_commission_are_one_release_of_all_of_it(rates):
    """Each of the three parts grows by 0 or 1 with each cent: so any parts, one after another, add up."""
    for fee_bp, reserve_bp in rates:
        for so_far in range(AMOUNTS.stop):
            part = release_part(so_far, 1, fee_bp, reserve_bp)
            assert part.fee + part.reserve + part.payable == 1
            assert min(part.fee, part.reserve, part.payable) >= 0


def test_monthly_parts_are_the_commission_and_as_even_as_cents_can_be():
    for commission, instalments in itertools.product(AMOUNTS, range(1, MOST_INSTALMENTS + 1)):
        upto = plan(commission, instalments)
        parts = [after - before for before, after in itertools.pairwise([0, *upto])]
        assert sum(parts) == upto[-1] == commission
        assert max(parts) - min(parts) <= 1
        assert all(part >= 0 for part in parts)


def test_what_goes_back_bit_by_bit_gives_each_gift_and_the_wallet_back_what_they_paid():
    """Small prices with every part of them paid by gifts, all others with parts where rounding slips most easily."""
    for price in AMOUNTS:
        promos = range(price + 1) if price <= 40 else (1, price // 3, price - 1)
        for promo, sequence in itertools.product(promos, TAKEN):
            goes_back(price, promo, sequence)


def goes_back(price, promo, sequence):
    """Two gifts and cash, part after part; the whole of it where the sequence takes all that is left."""
    paid, back = [promo // 3, promo - promo // 3], [0, 0]
    given = 0
    for percent in sequence:
        amount = share(price - given, percent * 100)
        gifts = [Gift(NOBODY, cents, returned) for cents, returned in zip(paid, back, strict=True)]
        parts = split(price, gifts, given, amount)
        given, back = given + amount, [before + part for before, part in zip(back, parts, strict=True)]
        assert min(parts) >= 0
        assert sum(parts) <= amount
        assert back[0] <= paid[0]
        assert back[1] <= paid[1]
        assert given - sum(back) <= price - promo
    assert sequence[-1] != 100 or back == paid


def test_the_worked_example(app, api, clock):
    """Price 100.00, fee 10 %, reserve 10 % of the net; with a refund of 40 % first: 40.00, then 6.00 + 5.40 + 48.60."""
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 200_00)
    whole, part = (buy(api(buyer), lead, 100_00) for lead in put_on_sale(api(agency), count=2, **AT_100))
    with transaction():
        orders.dispute(buyer.who, part)
        orders.refund(part, 40, because=f"dispute:{part}", by=SYSTEM, until=product_clock.now())
    assert at(Account.WALLET_CASH, buyer.org_id) == 40_00
    clock.advance(days=7)
    release_due()
    assert split_of(whole) == {
        "held": 100_00,
        "fee_revenue": -10_00,
        "supplier_reserve": -9_00,
        "supplier_payable": -81_00,
    }
    assert split_of(part) == {
        "held": 60_00,
        "fee_revenue": -6_00,
        "supplier_reserve": -5_40,
        "supplier_payable": -48_60,
    }


AT_100 = {"price": {"amount": 100_00, "currency": "USD"}}


def at(account, owner):
    session().rollback()
    return balance(account, owner, "USD")


def split_of(order_id):
    session().rollback()
    rows = session().execute(
        text(
            "SELECT a.kind, p.amount FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id"
            " JOIN ledger_entries e ON e.id = p.entry_id WHERE e.kind = 'release' AND e.reference_id = :id"
        ),
        {"id": order_id},
    )
    return {row.kind: row.amount for row in rows}
