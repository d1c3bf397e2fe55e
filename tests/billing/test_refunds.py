"""Unspent money goes back to the cards that it came from: to the cent, once, and back again when a bank bounces it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace import billing, ledger
from marketplace.billing import CardRefundState, actions, calls, oversight
from marketplace.billing.errors import NotRefundable, StrangeMoney, WrongCharge
from marketplace.billing.gateway import Refund, Settlement
from marketplace.billing.models import CardRefund, StripeCall
from marketplace.billing.rules import newest_first
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Forbidden, NotFound
from marketplace.ledger import Account, Overdrawn, credit, debit
from marketplace.orders.chargebacks import settle_chargeback
from tests.factories.banks import bank_dispute
from tests.factories.money import fund
from tests.factories.paying import REFUND_BOUNCES, REFUND_LATER, TAKEN_BACK, dollars, give_back, pay_in, top_up_of
from tests.factories.people import make_person

S = CardRefundState


@pytest.fixture
def buyer(app):
    return make_person("buyer").who


def wallet(who):
    session().rollback()
    return ledger.balance(Account.WALLET_CASH, who.org_id, "USD")


def refund_of(card_refund_id):
    session().rollback()
    return session().get_one(CardRefund, card_refund_id, populate_existing=True)


def broken():
    session().rollback()
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds}


def entries_of(card_refund_id):
    session().rollback()
    kinds = text("SELECT kind FROM ledger_entries WHERE reference_id = :id ORDER BY id")
    return list(session().scalars(kinds, {"id": card_refund_id}))


def cut_down(who, cents):
    """The wallet holds less than was paid in: something was bought meanwhile."""
    with transaction():
        lines = [debit(Account.WALLET_CASH, cents, who.org_id), credit(Account.FEE_REVENUE, cents)]
        ledger.post("adjustment", key="adjustment:1", reference=who.org_id, currency="USD", lines=lines, by=who)


@pytest.mark.parametrize(
    ("left", "wanted", "parts"),
    [([50, 30], 60, [50, 10]), ([50, 30], 80, [50, 30]), ([50, 30], 90, [50, 30]), ([], 5, []), ([50], 0, [0])],
)
def test_the_newest_money_goes_back_first(left, wanted, parts):
    assert newest_first(left, wanted) == parts


def test_money_goes_back_and_arrives(buyer, gateway, run_jobs, later):
    top_up = pay_in(gateway, buyer, 50_00)
    (part,) = give_back(buyer, 20_00)
    assert (wallet(buyer), refund_of(part).state) == (30_00, S.ASKED)
    assert (top_up_of(top_up).state, top_up_of(top_up).refunded_cents) == ("partly_refunded", 20_00)
    assert broken() == {}
    run_jobs()  # Stripe waits until the payment itself has settled
    assert (refund_of(part).state, entries_of(part)) == (S.PENDING, ["refund_card_reserve"])
    later(minutes=3)
    gateway.deliver()
    run_jobs()
    assert refund_of(part).state == S.SUCCEEDED
    assert entries_of(part) == ["refund_card_reserve", "refund_card_ok", "refund_settle"]
    assert wallet(buyer) == 30_00
    give_back(buyer, 30_00)
    assert (top_up_of(top_up).state, wallet(buyer)) == ("refunded", 0)
    later(days=4)
    assert broken() == {}


def test_a_refund_that_takes_its_time_is_found_without_news(buyer, gateway, run_jobs, later):
    pay_in(gateway, buyer, 50_00, REFUND_LATER)
    later(minutes=3)
    (part,) = give_back(buyer, 50_00)
    run_jobs()
    assert refund_of(part).state == S.PENDING
    later(minutes=3)
    assert refund_of(part).state == S.SUCCEEDED


def test_what_the_bank_sends_back_is_in_the_wallet_again(buyer, gateway, run_jobs, later):
    top_up = pay_in(gateway, buyer, 50_00, REFUND_BOUNCES)
    later(minutes=3)
    (part,) = give_back(buyer, 50_00)
    run_jobs()
    assert (refund_of(part).state, wallet(buyer)) == (S.SUCCEEDED, 0)
    later(minutes=3)
    gateway.deliver()
    run_jobs()
    assert (refund_of(part).state, wallet(buyer)) == (S.BOUNCED, 50_00)
    assert entries_of(part)[2:] == ["refund_settle", "refund_card_bounce", "refund_settle"]
    assert (top_up_of(top_up).state, top_up_of(top_up).refunded_cents) == ("succeeded", 0)
    later(days=4)
    assert broken() == {}


def test_a_wish_reaches_back_over_several_payments_newest_first(buyer, gateway, clock):
    old = pay_in(gateway, buyer, 30_00)
    clock.advance(hours=1)
    new = pay_in(gateway, buyer, 40_00)
    parts = [refund_of(part) for part in give_back(buyer, 60_00)]
    assert [(part.top_up_id, part.amount_cents) for part in parts] == [(new, 40_00), (old, 20_00)]
    assert len({part.wish_id for part in parts}) == 1
    with transaction():
        assert list(billing.wish_for(buyer, parts[0].wish_id)) == parts
    (third,) = give_back(buyer, 10_00, top_up_id=old)
    assert refund_of(third).top_up_id == old
    assert broken() == {}


def test_what_cannot_go_back_is_refused_and_stays(buyer, gateway, later):
    pay_in(gateway, buyer, 30_00)
    first = pay_in(gateway, buyer, 20_00)
    with pytest.raises(NotRefundable) as why:
        give_back(buyer, 20_01, top_up_id=first)
    assert "$20.00" in str(why.value)
    with pytest.raises(Overdrawn):
        give_back(buyer, 50_01)
    give_back(buyer, 20_00)
    with pytest.raises(NotRefundable):
        give_back(buyer, 1, top_up_id=first)
    assert wallet(buyer) == 30_00
    later(days=181)
    with pytest.raises(NotRefundable):
        give_back(buyer, 1)
    assert broken() == {}


def test_nothing_goes_back_of_a_payment_that_its_bank_contests(buyer, gateway, clock):
    contested = pay_in(gateway, buyer, 50_00, TAKEN_BACK)
    clock.advance(seconds=10)
    with transaction():
        settle_chargeback(calls.gateway().chargebacks.get(gateway.newest("dispute")))
    pay_in(gateway, buyer, 30_00)
    with pytest.raises(NotRefundable):
        give_back(buyer, 1, top_up_id=contested)
    with transaction():
        assert [cents for _top_up, cents in billing.refundable_for(buyer, "USD")] == [30_00]


def test_a_chargeback_that_comes_between_asking_and_sending_stops_the_refund(buyer, gateway, clock, run_jobs):
    pay_in(gateway, buyer, 50_00, TAKEN_BACK)
    (part,) = give_back(buyer, 20_00)
    clock.advance(seconds=10)
    run_jobs()
    with transaction():
        settle_chargeback(calls.gateway().chargebacks.get(gateway.newest("dispute")))
    assert (refund_of(part).state, refund_of(part).failure) == (S.FAILED, "payment_refused")
    assert wallet(buyer) == 0
    assert broken() == {}


def test_only_what_is_unspent_can_be_asked_for(buyer, gateway):
    pay_in(gateway, buyer, 50_00)
    cut_down(buyer, 35_00)
    with transaction():
        assert [cents for _top_up, cents in billing.refundable_for(buyer, "USD")] == [15_00]
    with pytest.raises(Overdrawn):
        give_back(buyer, 15_01)
    give_back(buyer, 15_00)
    assert wallet(buyer) == 0


def test_when_stripe_refuses_the_money_is_in_the_wallet_again(buyer, run_jobs, gateway):
    fund(buyer, 50_00)  # a payment that Stripe has never seen
    (part,) = give_back(buyer, 20_00)
    run_jobs()
    found = refund_of(part)
    assert (found.state, found.failure, wallet(buyer)) == (S.FAILED, "payment_refused", 50_00)
    assert entries_of(part) == ["refund_card_reserve", "refund_card_fail"]
    assert broken() == {}


def test_a_debt_is_repaid_first_by_what_comes_back(buyer, run_jobs, gateway):
    fund(buyer, 50_00)
    (part,) = give_back(buyer, 20_00)
    with transaction():
        lines = [debit(Account.BUYER_RECEIVABLE, 15_00, buyer.org_id), credit(Account.FEE_REVENUE, 15_00)]
        ledger.post("adjustment", key="adjustment:1", reference=part, currency="USD", lines=lines, by=buyer)
    run_jobs()
    assert wallet(buyer) == 35_00
    assert ledger.balance(Account.BUYER_RECEIVABLE, buyer.org_id, "USD") == 0
    assert broken() == {}


def test_what_comes_back_while_a_bank_contests_another_payment_is_frozen_and_counted(buyer, run_jobs, gateway):
    first, second = (fund(buyer, cents) for cents in (40_00, 50_00))
    give_back(buyer, 40_00, top_up_id=UUID(first))
    cut_down(buyer, 50_00)
    bank_dispute(second, "needs_response", 50_00)
    run_jobs()
    assert (wallet(buyer), oversight.frozen_for(buyer, "USD")) == (0, 40_00)
    assert top_up_of(UUID(first)).refunded_cents == 0
    assert broken() == {}


def test_many_wishes_at_once_are_worth_what_the_wallet_holds(app, buyer, gateway):
    pay_in(gateway, buyer, 50_00)
    start = threading.Barrier(6)

    def ask():
        with app.app_context():
            start.wait()
            try:
                return len(give_back(buyer, 20_00))
            except (Overdrawn, NotRefundable):
                return 0

    with ThreadPoolExecutor(6) as pool:
        asked = [future.result() for future in [pool.submit(ask) for _ in range(6)]]
    assert sorted(asked) == [0, 0, 0, 0, 1, 1]
    assert wallet(buyer) == 10_00
    assert broken() == {}


def test_a_refund_of_another_amount_is_never_booked(buyer, gateway):
    pay_in(gateway, buyer, 50_00)
    (part,) = give_back(buyer, 20_00)
    told = Refund("re_1", part, None, dollars(19_99), is_done=True, is_failed=False)
    with pytest.raises(WrongCharge), transaction():
        actions.settle_refund(told)
    other = Refund("re_1", part, None, dollars(20_00), is_done=True, is_failed=False)
    wrong = Settlement("txn_x", dollars(-20_01), 0)
    with pytest.raises(WrongCharge), transaction():
        actions.settle_refund(Refund("re_1", part, None, dollars(20_00), True, False, settlement=wrong))  # noqa: FBT003
    with transaction():
        actions.settle_refund(other)
    with pytest.raises(WrongCharge), transaction():
        actions.settle_refund(Refund("re_2", part, None, dollars(20_00), True, False))  # noqa: FBT003
    assert refund_of(part).refund_id == "re_1"


def test_a_refund_that_somebody_else_made_stands_out(buyer, gateway):
    payment = top_up_of(pay_in(gateway, buyer, 50_00)).payment_intent_id
    ours = Refund("re_1", None, payment, dollars(5_00), is_done=True, is_failed=False)
    with pytest.raises(StrangeMoney), transaction():
        actions.settle_refund(ours)
    with transaction():
        assert actions.settle_refund(Refund("re_1", None, "pi_other", dollars(5_00), True, False)) is None  # noqa: FBT003


def test_one_refund_of_many_that_is_wrong_stops_no_other(buyer, gateway, run_jobs, later):
    pay_in(gateway, buyer, 50_00)
    first, second = give_back(buyer, 20_00), give_back(buyer, 10_00)
    run_jobs()
    with transaction():
        session().execute(text("UPDATE card_refunds SET amount_cents = 1 WHERE id = :id"), {"id": first[0]})
    later(minutes=3)
    assert [refund_of(part[0]).state for part in (first, second)] == [S.PENDING, S.SUCCEEDED]
    assert "R2" in broken()


def test_only_who_may_move_money_asks_and_strangers_find_nothing(buyer):
    member = make_person("buyer", role="member", org_id=buyer.org_id).who
    fund(buyer, 50_00)
    with pytest.raises(Forbidden):
        give_back(member, 20_00)
    (part,) = give_back(buyer, 20_00)
    stranger = make_person("buyer").who
    with transaction():
        assert billing.refund_for(member, part).amount_cents == 20_00
        for find, which in ((billing.refund_for, part), (billing.wish_for, refund_of(part).wish_id)):
            with pytest.raises(NotFound):
                find(stranger, which)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE top_ups SET state = 'succeeded', refunded_cents = 0", "I11"),
        ("UPDATE card_refunds SET state = 'failed'", "R2"),
        ("DELETE FROM card_refunds", "I11"),
    ],
)
def test_the_checks_see_a_refund_that_a_hand_has_changed(buyer, change, code):
    fund(buyer, 50_00)
    give_back(buyer, 20_00)
    assert broken() == {}
    with transaction():
        session().execute(text(change))
    assert code in broken()


def test_more_can_never_be_given_back_than_was_paid(buyer):
    fund(buyer, 50_00)
    with pytest.raises(Exception, match="ck_top_ups_refunded"), transaction():
        session().execute(text("UPDATE top_ups SET state = 'refunded', refunded_cents = amount_cents + 1"))


def test_a_call_that_was_never_made_gives_the_money_back(buyer, gateway):
    pay_in(gateway, buyer, 50_00)
    (part,) = give_back(buyer, 20_00)
    with transaction():
        session().execute(
            text("UPDATE stripe_calls SET first_tried_at = now() - interval '21 hours' WHERE kind = 'refund_payment'")
        )
    calls.perform_by_itself(session().scalars(text("SELECT id FROM stripe_calls WHERE kind = 'refund_payment'")).one())
    assert (refund_of(part).state, refund_of(part).failure, wallet(buyer)) == (S.FAILED, "never_made", 50_00)
    assert session().query(StripeCall).filter_by(kind="refund_payment").one().why == "never_made"
