"""Wallets that fill themselves: one charge however many ask for it, none while a bank contests, declines that count."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import text

from marketplace import billing, ledger
from marketplace.billing import calls, cards, inbox
from marketplace.billing import recharge_rules as rules
from marketplace.billing.actions import settle_payment
from marketplace.billing.card_errors import TooManyCards
from marketplace.billing.errors import CardDeclined, NotAtStripe, WrongCharge
from marketplace.billing.gateway import CardPage, News, Payment, PaymentState, SeenCard
from marketplace.billing.models import CardSetup, Pause, StripeCustomer
from marketplace.billing.queries import call_of
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.ledger import Account, credit, debit
from marketplace.orders.chargebacks import settle_chargeback
from tests.factories.cards import (
    ASKS_ALWAYS,
    DECLINED_LATER,
    MASTERCARD,
    card_of,
    charges_of,
    enter,
    fill_from,
    open_page,
    recharge_of,
    save_card,
)
from tests.factories.money import fund
from tests.factories.paying import TAKEN_BACK, VISA, dollars, news_at_stripe, pay_in, top_up_of
from tests.factories.people import make_person

NOW = datetime(2027, 1, 1, tzinfo=UTC)
NOTHING = {
    "is_verified": True, "has_chargeback": False, "owes": 0, "is_charging": False, "next_at": None, "charged": 0,
    "loaded": 0, "amount": 20_00,
}  # fmt: skip


@pytest.fixture
def buyer(app):
    return make_person("buyer").who


def charge(recharge_id):
    with transaction():
        found = cards.charge_if_low(recharge_id)
        return found.id if found else None


def perform(top_up_id):
    calls.perform_by_itself(call_of("charge_card", top_up_id))


def wallet(who):
    session().rollback()
    return ledger.balance(Account.WALLET_CASH, who.org_id, "USD")


def broken():
    session().rollback()
    return [finding.code for finding in run_checks() if not finding.holds]


@pytest.mark.parametrize(
    ("fact", "wait"),
    [
        ({}, None),
        ({"is_verified": False}, "not_verified"),
        ({"has_chargeback": True}, "chargeback"),
        ({"owes": 1}, "debt"),
        ({"is_charging": True}, "charging"),
        ({"next_at": NOW + timedelta(seconds=1)}, "backing_off"),
        ({"next_at": NOW}, None),
        ({"charged": 1}, None),
        ({"charged": 2}, "twice_today"),
        ({"loaded": 1_980_00}, None),
        ({"loaded": 1_980_01}, "daily_cap"),
    ],
)
def test_what_a_charge_waits_for(fact, wait):
    assert rules.wait_of(rules.Facts(**{**NOTHING, **fact}), NOW) == wait


def test_each_decline_doubles_the_wait_and_the_fourth_ends_it():
    assert [rules.window(declines) // timedelta(hours=1) for declines in range(5)] == [1, 2, 4, 4, 4]
    assert [rules.pause_of("generic_decline", declines) for declines in (1, 2, 3, 4)] == [None, None, None, "declined"]
    assert rules.pause_of("authentication_required", 1) == "authentication"


def test_many_triggers_at_once_claim_one_charge(app, buyer, gateway):
    recharge = fill_from(buyer, save_card(gateway, buyer))
    start = threading.Barrier(6)

    def ask():
        with app.app_context():
            start.wait()
            return charge(recharge)

    with ThreadPoolExecutor(6) as pool:
        claimed = [future.result() for future in [pool.submit(ask) for _ in range(6)]]
    assert len([each for each in claimed if each]) == len(charges_of(recharge)) == 1


def test_the_database_holds_one_open_charge_for_a_wallet(buyer, gateway):
    recharge = fill_from(buyer, save_card(gateway, buyer))
    charge(recharge)
    copy = text(
        "INSERT INTO top_ups (id, org_id, user_id, amount_cents, currency, state, needs_3ds, recharge_id, card_id,"
        " created_at) SELECT :id, org_id, user_id, amount_cents, currency, state, needs_3ds, recharge_id, card_id,"
        " created_at FROM top_ups WHERE recharge_id IS NOT NULL"
    )
    with pytest.raises(Exception, match="uq_top_ups_one_open_recharge"), transaction():
        session().execute(copy, {"id": new_id()})


@pytest.mark.slow
@pytest.mark.parametrize("card", [VISA, DECLINED_LATER], ids=["pays", "declined"])
def test_a_charge_ends_the_same_in_every_order_of_news(buyer, gateway, clock, card):
    """Our own answer is one of the things that come in any order, and each piece of news comes twice."""
    names = {
        VISA: ["charge.succeeded", "payment_intent.succeeded"],
        DECLINED_LATER: ["charge.failed", "payment_intent.payment_failed"],
    }[card]
    ends = set()
    for order in permutations([*names, "answer"]):
        who = make_person("buyer").who
        recharge = fill_from(who, save_card(gateway, who, card))
        top_up = charge(recharge)
        with suppress(CardDeclined):
            lose_answer(top_up)
        told = {kind: about for _id, kind, about in reversed(news_at_stripe(gateway))}
        for kind in order:
            if kind == "answer":
                perform(top_up)
            else:
                hear(kind, told[kind])
        found = recharge_of(recharge)
        ends.add((top_up_of(top_up).state, top_up_of(top_up).failure, found.declines, found.pause, wallet(who)))
    assert (
        ends
        == {
            VISA: {("succeeded", None, 0, None, 100_00)},
            DECLINED_LATER: {("failed", "generic_decline", 1, None, 0)},
        }[card]
    )
    assert broken() == []


def lose_answer(top_up_id):
    """The card is charged, and the answer is lost on its way."""
    with transaction():
        wanted = calls.CALLS["charge_card"].prepare(top_up_id)
    calls.gateway().payments.charge(wanted, f"top_up:{top_up_id}:charge")


def hear(kind, about):
    name = str(new_id())
    for event_id in (name, name, f"{name}-again"):
        with transaction():
            inbox.keep_event(News(event_id, kind, about))
    with transaction():
        rows = session().scalars(text("SELECT id FROM stripe_events WHERE handled_at IS NULL")).all()
    for row in rows:
        inbox.handle(row)


def test_a_payment_that_succeeds_after_all_is_credited_and_the_declines_are_forgotten(buyer, gateway):
    recharge = fill_from(buyer, save_card(gateway, buyer, DECLINED_LATER))
    top_up = charge(recharge)
    perform(top_up)
    assert (top_up_of(top_up).state, recharge_of(recharge).declines) == ("failed", 1)
    late = Payment(top_up_of(top_up).payment_intent_id, None, top_up_id=top_up, received=dollars(100_00))
    with transaction():
        settle_payment(late)
    assert (top_up_of(top_up).state, wallet(buyer)) == ("succeeded", 100_00)
    assert (recharge_of(recharge).declines, recharge_of(recharge).next_at) == (0, None)


def test_a_bank_that_takes_its_time_keeps_the_charge_open(buyer, gateway, clock):
    recharge = fill_from(buyer, save_card(gateway, buyer))
    top_up = charge(recharge)
    with transaction():
        settle_payment(Payment("pi_slow", None, PaymentState.PROCESSING, top_up_id=top_up))
    clock.advance(hours=6)
    assert (top_up_of(top_up).state, charge(recharge)) == ("processing", None)
    with transaction():
        settle_payment(Payment("pi_slow", None, PaymentState.CANCELED, top_up_id=top_up))
    assert (top_up_of(top_up).state, top_up_of(top_up).failure) == ("failed", "canceled")
    assert charge(recharge)


def test_nothing_is_charged_while_a_bank_contests_a_payment_and_after_it_has_taken_it_for_good(buyer, gateway, clock):
    pay_in(gateway, buyer, 50_00, TAKEN_BACK)
    recharge = fill_from(buyer, save_card(gateway, buyer), below=500_00)
    claimed = charge(recharge)
    clock.advance(seconds=10)
    dispute = gateway.newest("dispute")
    with transaction():
        settle_chargeback(calls.gateway().chargebacks.get(dispute))
    perform(claimed)
    assert (top_up_of(claimed).state, top_up_of(claimed).failure) == ("failed", "no_longer_wanted")
    assert recharge_of(recharge).declines == 0
    clock.advance(hours=2)
    assert charge(recharge) is None
    with transaction():
        assert cards.recharge_for(buyer, "USD").wait == "chargeback"
        found = calls.gateway().chargebacks.get(dispute)
        settle_chargeback(type(found)(**{**_fields(found), "status": "lost"}))
    assert recharge_of(recharge).pause == "chargeback"
    fund(buyer, 20_00)
    assert (recharge_of(recharge).pause, charge(recharge)) == ("chargeback", None)
    fill_from(buyer, save_card(gateway, buyer, MASTERCARD), below=500_00)
    assert charge(recharge)


def _fields(found):
    return {name: getattr(found, name) for name in type(found).__slots__}


def test_a_debt_is_not_paid_by_a_card_unasked(buyer, gateway):
    recharge = fill_from(buyer, save_card(gateway, buyer))
    lines = [debit(Account.BUYER_RECEIVABLE, 5_00, buyer.org_id), credit(Account.FEE_REVENUE, 5_00)]
    with transaction():
        ledger.post("adjustment", key="adjustment:1", reference=buyer.org_id, currency="USD", lines=lines, by=buyer)
    assert charge(recharge) is None


def test_the_same_number_again_replaces_the_card_and_ends_no_pause(buyer, gateway):
    first = save_card(gateway, buyer, ASKS_ALWAYS)
    recharge = fill_from(buyer, first)
    perform(charge(recharge))
    again = save_card(gateway, buyer, ASKS_ALWAYS)
    assert (card_of(first).removed_at is not None, card_of(again).is_default) == (True, True)
    assert (recharge_of(recharge).card_id, recharge_of(recharge).pause) == (again, "authentication")
    with transaction():
        session().execute(text("UPDATE saved_cards SET exp_year = 2030 WHERE id = :id"), {"id": again})
    renewed = save_card(gateway, buyer, ASKS_ALWAYS)
    assert (recharge_of(recharge).card_id, recharge_of(recharge).pause) == (renewed, None)


def test_to_remove_a_card_and_save_it_again_ends_no_pause_either(buyer, gateway):
    first = save_card(gateway, buyer, ASKS_ALWAYS)
    recharge = fill_from(buyer, first)
    perform(charge(recharge))
    with transaction():
        cards.remove_card(buyer, first)
    fill_from(buyer, save_card(gateway, buyer, ASKS_ALWAYS))
    assert recharge_of(recharge).pause == "authentication"


def test_a_charge_that_succeeds_while_its_card_is_removed_leaves_the_pause(buyer, gateway):
    card = save_card(gateway, buyer)
    recharge = fill_from(buyer, card)
    claimed = charge(recharge)
    lose_answer(claimed)
    with transaction():
        cards.remove_card(buyer, card)
    told = {kind: about for _id, kind, about in news_at_stripe(gateway)}
    hear("payment_intent.succeeded", told["payment_intent.succeeded"])
    assert (wallet(buyer), recharge_of(recharge).pause) == (100_00, "card_removed")


def test_a_card_that_stripe_forgets_is_removed_here_and_one_that_is_renewed_is_described_anew(buyer, gateway, run_jobs):
    kept, lost = save_card(gateway, buyer), save_card(gateway, buyer, MASTERCARD)
    recharge = fill_from(buyer, lost)
    calls.gateway().cards.forget(card_of(lost).method, "by-hand")
    with transaction():
        session().execute(
            text("UPDATE saved_cards SET exp_year = 2026, warned_at = now() WHERE id = :id"), {"id": kept}
        )
    hear("payment_method.detached", card_of(lost).method)
    hear("payment_method.automatically_updated", card_of(kept).method)
    assert (card_of(lost).removed_at is not None, recharge_of(recharge).pause) == (True, Pause.CARD_REMOVED)
    assert call_of("forget_card", lost) is None
    assert (card_of(kept).exp_year, card_of(kept).warned_at) == (2034, None)


def test_the_money_of_a_second_click_is_never_mistaken_for_a_charge(buyer, gateway):
    recharge = fill_from(buyer, save_card(gateway, buyer))
    claimed = charge(recharge)
    with transaction():
        by_hand = billing.ask_top_up_once(buyer, dollars(100_00))
    assert by_hand.id != claimed


def test_an_old_page_saves_nothing_and_is_closed(buyer, gateway, clock):
    setup = open_page(buyer)
    clock.advance(minutes=61)
    calls.reconcile()
    with transaction():
        assert cards.setup_for(buyer, setup.id).state == "expired"


def test_a_card_that_no_news_tells_of_is_found(buyer, gateway, clock):
    setup = open_page(buyer)
    enter(gateway, setup.page_url)
    clock.advance(minutes=61)
    calls.reconcile()
    with transaction():
        assert cards.setup_for(buyer, setup.id).state == "saved"
        assert len(cards.cards_for(buyer)) == 1


def test_a_card_that_is_forgotten_before_it_was_heard_of_is_not_kept(buyer, gateway, clock):
    setup = open_page(buyer)
    enter(gateway, setup.page_url)
    told = {kind: about for _id, kind, about in news_at_stripe(gateway)}
    calls.gateway().cards.forget(told["payment_method.attached"], "by-hand")
    hear("setup_intent.succeeded", told["setup_intent.succeeded"])
    hear("checkout.session.completed", told["checkout.session.completed"])
    with transaction():
        assert (cards.setup_for(buyer, setup.id).state, cards.cards_for(buyer)) == ("expired", [])


def test_when_stripe_will_not_know_the_buyer_the_next_wish_asks_again(buyer, gateway):
    with transaction():
        setup = cards.ask_card(buyer)
        customer = session().query(StripeCustomer).one().id
        calls.CALLS["open_customer"].refuse(customer, NotAtStripe())
    with transaction():
        assert session().get_one(CardSetup, setup.id).state == "failed"
    assert open_page(buyer).page_url


def test_a_card_saved_with_another_customer_is_not_kept(buyer, gateway):
    setup = open_page(buyer)
    card = SeenCard("pm_x", "visa", "4242", 12, 2034, "f")
    with pytest.raises(WrongCharge), transaction():
        billing.actions.cards.settle_page(CardPage(setup.page_id, setup.id, None, "cus_other", card, is_closed=False))


def test_no_more_than_ten_cards_are_saved(buyer, gateway):
    save_card(gateway, buyer)
    copy = text(
        "INSERT INTO saved_cards (id, org_id, user_id, method, brand, last4, exp_month, exp_year, is_default, saved_at)"
        " SELECT gen_random_uuid(), org_id, user_id, 'pm_' || n, brand, last4, exp_month, exp_year, false, saved_at"
        " FROM saved_cards, generate_series(1, 9) n"
    )
    with transaction():
        session().execute(copy)
    with pytest.raises(TooManyCards), transaction():
        cards.ask_card(buyer)
