"""A chargeback as staff and the buyer live through it, with Stripe's stand-in as the bank."""

import pytest
from sqlalchemy import text

from marketplace import billing
from marketplace.billing import calls, oversight
from marketplace.billing.errors import NotAtStripe
from marketplace.billing.gateway import News
from marketplace.billing.gateway.chargebacks import Chargebacks
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.stripe_emulator import RequestFault
from marketplace.stripe_emulator.control import Control
from marketplace.stripe_emulator.world import world_of
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale

WORDS = "The payer agreed to our terms, bought leads and read each of them."


@pytest.fixture
def buyer(app):
    return make_person("buyer")


@pytest.fixture
def staff(app):
    return make_person("staff")


@pytest.fixture
def news(gateway, clock, run_jobs):
    """Let time pass at the bank, and take in what Stripe tells."""

    def take_in(**by):
        clock.advance(**(by or {"seconds": 10}))
        gateway.newest("charge")
        gateway.deliver()
        run_jobs()
        session().rollback()

    return take_in


@pytest.fixture
def disputed(api, buyer, gateway, news):
    """A payment of 100.00 of which 40.00 were spent, taken back by its payer."""
    opened = billing.open_checkout(buyer.who, lambda: billing.ask_top_up(buyer.who, Money(100_00, "USD")).id)
    assert gateway.pay(opened.checkout_url, "4000 0000 0000 0259") == 303
    billing.look_up_checkout(buyer.who, opened.id)
    (lead,) = put_on_sale(api(make_person("agency")), price={"amount": 40_00, "currency": "USD"})
    order = buy(api(buyer), lead, 40_00)
    news(seconds=20)
    return order


def only(api, staff):
    (found,) = api(staff).get("/chargebacks")["items"]
    return found


def test_staff_see_it_answer_it_and_win(api, buyer, staff, disputed, gateway, news, visit, mail):
    case = only(api, staff)
    assert (case["state"], case["frozen_cents"], case["amount"]["amount"]) == ("needs_answer", 60_00, 100_00)
    wallet = api(buyer).get("/wallet")
    assert (wallet["available"], wallet["frozen"], wallet["held"]) == (0, 60_00, 40_00)
    assert api(buyer).get(f"/orders/{disputed}")["state"] == "frozen"
    page = visit(staff)
    assert "1 chargeback wants an answer" in page.get("/admin/money").words
    address = f"/admin/money/chargebacks/{case['id']}"
    shown = page.get(address).words
    assert "paid $100.00 into its wallet" in shown
    assert "Since then it has bought 1 lead" in shown
    assert "It has opened 1 contact. Each time is logged." in shown, "the look at the order above"
    for words in ("answer needed", "Frozen for chargebacks", "1 on this page", "Chargeback opened", "$15.00"):
        assert words in shown
    assert page.post(f"{address}/answer", words="Too short").status == 422
    assert "on its way" in page.follow(page.post(f"{address}/answer", words=WORDS)).words
    news()
    assert only(api, staff)["state"] == "under_review"
    assert api(staff).post(f"/chargebacks/{case['id']}/answer", {"words": WORDS + "!"}).code == "answer_over"
    Control(gateway.app).win_dispute(gateway.newest("dispute"))
    news()
    assert only(api, staff)["state"] == "won"
    wallet = api(buyer).get("/wallet")
    assert (wallet["available"], wallet["frozen"], wallet["held"]) == (60_00, 0, 40_00)
    assert api(buyer).get(f"/orders/{disputed}")["state"] == "held"
    kinds = {letter.subject for letter in mail.letters}
    assert any("took back a payment" in kind for kind in kinds), kinds
    assert all(finding.holds for finding in run_checks())


@pytest.fixture
def asked(buyer, gateway, news):
    """A payment of 100.00 about which its bank asks."""
    opened = billing.open_checkout(buyer.who, lambda: billing.ask_top_up(buyer.who, Money(100_00, "USD")).id)
    assert gateway.pay(opened.checkout_url, "4000 0000 0000 1976") == 303
    billing.look_up_checkout(buyer.who, opened.id)
    news(seconds=20)


def test_a_bank_that_takes_after_it_has_asked_wants_another_answer(api, buyer, staff, asked, gateway, news, visit):
    case, page = only(api, staff), visit(staff)
    address = f"/admin/money/chargebacks/{case['id']}"
    assert (case["state"], case["frozen_cents"]) == ("inquiry", 0)
    assert "1 chargeback wants an answer" in page.get("/admin/money").words
    assert page.post(f"{address}/answer", words="Our first words to the bank.").status == 303
    news()
    assert "The bank got it" in page.get(address).words
    assert "wants an answer" not in page.get("/admin/money").words
    Control(gateway.app).escalate_dispute(gateway.newest("dispute"))
    news()
    case = only(api, staff)
    assert (case["state"], case["frozen_cents"]) == ("needs_answer", 100_00)
    assert (case["answer"], case["inquiry_answer"]) == ("", "Our first words to the bank.")
    assert "1 chargeback wants an answer" in page.get("/admin/money").words
    shown = page.get(address).words
    assert "What we had told it while it only asked" in shown
    assert page.post(f"{address}/answer", words=WORDS).status == 303
    news()
    assert (only(api, staff)["state"], only(api, staff)["answer"]) == ("under_review", WORDS)
    with world_of(gateway.app).store.transaction() as rows:
        told = next(rows.newest_first("dispute"))
    assert (told["evidence"]["uncategorized_text"], told["evidence_details"]["submission_count"]) == (WORDS, 2)
    Control(gateway.app).win_dispute(told["id"])
    news()
    assert api(buyer).get("/wallet")["available"] == 100_00
    assert all(finding.holds for finding in run_checks())


@pytest.fixture
def no_reply(gateway):
    """Stripe does what it is asked next, and nobody hears of it."""

    def force():
        for _ in range(3):
            world_of(gateway.app).faults.force(RequestFault.TIMEOUT_AFTER_COMMIT, on="POST ")

    return force


def test_an_answer_to_a_question_that_comes_to_light_late_does_not_count_as_the_next(
    api, staff, asked, gateway, news, no_reply, run_jobs, mail
):
    case = f"/chargebacks/{only(api, staff)['id']}/answer"
    assert api(staff).post(case, {"words": WORDS}).status == 200
    no_reply()
    run_jobs()
    Control(gateway.app).escalate_dispute(gateway.newest("dispute"))
    news()
    assert (only(api, staff)["state"], only(api, staff)["answer"]) == ("needs_answer", WORDS)
    news(minutes=3)
    calls.reconcile()
    run_jobs()
    session().rollback()
    now = only(api, staff)
    assert (now["state"], now["answer"], now["inquiry_answer"]) == ("needs_answer", "", WORDS)
    assert "It was not content with our answer to its question" in mail.letters[-1].text
    assert api(staff).post(case, {"words": WORDS}).status == 200
    news()
    assert only(api, staff)["state"] == "under_review"


def test_a_late_call_with_an_old_answer_neither_sends_nor_takes_the_new_one(
    api, staff, asked, gateway, news, no_reply, run_jobs
):
    case = f"/chargebacks/{only(api, staff)['id']}/answer"
    assert api(staff).post(case, {"words": "Our first words to the bank."}).status == 200
    no_reply()
    run_jobs()
    news(seconds=1)
    assert only(api, staff)["state"] == "inquiry"
    (late,) = oversight.open_calls_for(staff.who)
    Control(gateway.app).escalate_dispute(gateway.newest("dispute"))
    news(seconds=1)
    assert api(staff).post(case, {"words": WORDS}).status == 200
    calls.perform_by_itself(late.id)
    news()
    assert (only(api, staff)["state"], only(api, staff)["answer"]) == ("under_review", WORDS)
    with world_of(gateway.app).store.transaction() as rows:
        assert next(rows.newest_first("dispute"))["evidence"]["uncategorized_text"] == WORDS


def test_an_answer_that_stripe_refused_can_be_given_once_more(api, staff, disputed, gateway, news, monkeypatch):
    case = f"/chargebacks/{only(api, staff)['id']}/answer"

    def refuse(*_words):
        raise NotAtStripe

    with monkeypatch.context() as patch:
        patch.setattr(Chargebacks, "answer", refuse)
        assert api(staff).post(case, {"words": "It was refused, and lost on its way."}).status == 200
        news()
    assert only(api, staff)["answer"] == ""
    assert api(staff).post(case, {"words": WORDS}).status == 200
    news()
    assert (only(api, staff)["state"], only(api, staff)["answer"]) == ("under_review", WORDS)


def test_lost_costs_the_buyer_and_never_the_agency_that_was_paid(api, buyer, staff, disputed, gateway, news):
    Control(gateway.app).lose_dispute(gateway.newest("dispute"))
    news()
    assert only(api, staff)["state"] == "lost"
    assert api(buyer).get(f"/orders/{disputed}")["state"] == "charged_back"
    assert api(buyer).get("/wallet")["available"] == 0
    assert all(finding.holds for finding in run_checks())


def test_the_draft_for_the_bank_says_no_more_than_our_records(api, staff, buyer, gateway, news, visit):
    opened = billing.open_checkout(buyer.who, lambda: billing.ask_top_up(buyer.who, Money(100_00, "USD")).id)
    assert gateway.pay(opened.checkout_url, "4000 0000 0000 0259") == 303
    billing.look_up_checkout(buyer.who, opened.id)
    news(seconds=20)
    shown = visit(staff).get(f"/admin/money/chargebacks/{only(api, staff)['id']}").words
    assert "It has bought nothing since then." in shown
    for claimed in ("leads", "opened contacts", "authentic"):
        assert claimed not in shown.partition("To the bank")[2].partition("It accepts one answer")[0]


def test_strangers_see_no_chargeback(api, buyer, staff, disputed, visit):
    case = only(api, staff)
    assert api(buyer).get("/chargebacks").status == 403
    assert visit(buyer).get(f"/admin/money/chargebacks/{case['id']}").status == 404


def test_a_dead_letter_is_handled_again_by_staff(api, staff, app, visit, gateway):
    with transaction():
        billing.keep_event(News("evt_1", "charge.updated", "ch_1"))
    with transaction():
        session().execute(text("UPDATE stripe_events SET dead_at = now(), why = 'Broken'"))
    page = visit(staff)
    shown = page.get("/admin/money").words
    assert "1 dead letter of Stripe" in shown
    (dead,) = api(staff).get("/stripe-events")["items"]
    assert page.post(f"/admin/money/webhooks/{dead['id']}/replay").status == 303
    assert api(staff).get("/stripe-events")["items"] == []


def test_a_call_without_an_outcome_is_looked_up_by_staff(api, buyer, staff, gateway, visit, clock):
    with transaction():
        billing.ask_top_up(buyer.who, Money(50_00, "USD"))
    clock.advance(minutes=10)
    assert len(api(staff).get("/stripe-calls")["items"]) == 1
    page = visit(staff)
    assert "not made yet" in page.get("/admin/money").words
    (call,) = oversight.open_calls_for(staff.who)
    assert page.post(f"/admin/money/calls/{call.id}/look-up").status == 303
    assert api(staff).get("/stripe-calls")["items"] == []
    assert calls.CALLS[call.kind]
