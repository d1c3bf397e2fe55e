"""What quality knows of sold leads: told by those who see it happen, final only when nothing can change it."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.disputes import facts as told
from marketplace.disputes.jobs import tell_due_facts
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.quality.facts import SoldLead, one_at_a_time
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.sales import acquire, offer, report
from tests.factories.story import buy, put_on_sale


@pytest.fixture
def people(app):
    people = {kind: make_person(kind) for kind in ("agency", "buyer", "staff")}
    people["second"] = make_person("staff")
    fund(people["buyer"].who, 200_000)
    return people


@pytest.fixture
def at(people, api):
    """Somebody's script: at("buyer").get(...)."""
    return lambda name: api(people[name])


@pytest.fixture
def fact(run_jobs):
    """What is known of an order once everything has been told."""

    def fact(order_id):
        run_jobs()
        session().expire_all()
        return session().get(SoldLead, UUID(order_id))

    return fact


@pytest.fixture
def sold(at):
    (lead_id,) = put_on_sale(at("agency"), make_lead(sub_id="fb-7", channel="social"))
    return buy(at("buyer"), lead_id)


def dispute(at, order, outcome, percent):
    opened = at("buyer").post(f"/orders/{order}/disputes", {"reason": "invalid_phone", "statement": "It is dead."})
    verdict = {"outcome": outcome, "refund_percent": percent, "reasoning": "The facts decide."}
    assert at("staff").post(f"/disputes/{opened['id']}/decisions", verdict).status == 201
    return opened["id"]


def test_a_lead_that_nobody_complains_about_is_good_once_its_window_is_over(people, fact, sold, later):
    known = fact(sold)
    assert (known.agency_id, known.buyer_id) == (people["agency"].org_id, people["buyer"].org_id)
    assert (known.vertical, known.channel, known.sub_id, known.price_cents) == ("education", "social", "fb-7", 2_500)
    assert (known.matured_at, known.fault, known.disputed, known.stage) == (None, None, False, "new")
    later(days=8)
    known = fact(sold)
    assert (known.fault, known.fault_reason, known.disputed) == (False, None, False)
    assert known.matured_at > known.placed_at


def test_a_dispute_counts_when_it_is_too_late_to_appeal(at, fact, sold, later):
    dispute(at, sold, "upheld", 100)
    known = fact(sold)
    assert (known.disputed, known.fault) == (True, None)
    later(hours=73)
    known = fact(sold)
    assert (known.fault, known.fault_reason, known.due_at) == (True, "invalid_phone", None)


def test_an_appeal_changes_what_is_known(at, fact, sold, later):
    case = dispute(at, sold, "upheld", 100)
    at("agency").post(f"/disputes/{case}/appeals", {"statement": "The number works, see the log."})
    later(hours=73)
    assert fact(sold).fault is None  # the appeal waits
    ruling = {"refund_percent": 0, "reasoning": "Seen again."}
    assert at("second").post(f"/disputes/{case}/appeals/agency/decisions", ruling).status == 201
    assert (fact(sold).fault, fact(sold).disputed) == (False, True)


def test_a_rejected_dispute_leaves_a_good_lead_and_a_withdrawn_one_no_trace(at, fact, sold, later):
    opened = at("buyer").post(f"/orders/{sold}/disputes", {"reason": "bot", "statement": "A program."})
    assert fact(sold).disputed
    at("buyer").post(f"/disputes/{opened['id']}/withdrawal")
    assert not fact(sold).disputed
    dispute(at, sold, "rejected", 0)
    later(days=8)
    assert (fact(sold).fault, fact(sold).disputed) == (False, True)


def test_a_part_that_went_back_is_a_fault(at, fact, sold, later):
    dispute(at, sold, "partly_upheld", 25)
    later(days=8)
    assert (fact(sold).fault, fact(sold).fault_reason) == (True, "invalid_phone")


def test_what_became_of_a_lead_is_how_far_it_got(at, fact, sold):
    for stage in ("contacted", "qualified", "deferred"):
        at("buyer").post(f"/orders/{sold}/outcomes", {"stage": stage})
    known = fact(sold)
    assert (known.stage, known.won_at) == ("qualified", None)
    assert known.contacted_at is not None
    at("buyer").post(f"/orders/{sold}/outcomes", {"stage": "won", "amount": {"amount": 90_000, "currency": "USD"}})
    assert (fact(sold).stage, fact(sold).won_cents) == ("won", 90_000)
    at("buyer").post(f"/orders/{sold}/outcomes", {"stage": "lost"})
    assert (fact(sold).stage, fact(sold).won_at, fact(sold).won_cents) == ("lost", None, None)


def test_a_lead_paid_by_its_sale_matures_with_its_window_and_is_won_by_its_sales(at, fact, later):
    (lead_id,) = offer(at("agency"))
    order = acquire(at("buyer"), lead_id)
    known = fact(order)
    assert known.is_per_sale
    assert known.due_at is not None
    report(at("buyer"), order, 50_000)
    assert (fact(order).stage, fact(order).won_cents, fact(order).matured_at) == ("won", 50_000, None)
    later(days=8)
    assert (fact(order).fault, fact(order).stage) == (False, "won")


def test_news_may_come_twice_and_name_whatever_it_is_about(at, fact, sold, later):
    case = dispute(at, sold, "upheld", 100)
    later(hours=73)
    before = fact(sold).matured_at
    with transaction():
        told.tell([UUID(case), UUID(sold), UUID(sold), new_id()])
    assert fact(sold).matured_at == before
    assert session().scalar(text("SELECT count(*) FROM sold_leads")) == 1


def test_what_was_sold_before_facts_were_kept_is_filled_in(at, fact, sold, later):
    later(days=8)
    before = fact(sold).matured_at
    with transaction():
        bare = "matured_at = NULL, fault = NULL, due_at = placed_at, stage = 'new'"
        session().execute(text(f"UPDATE sold_leads SET {bare}"))
    tell_due_facts()
    known = fact(sold)
    assert (known.matured_at, known.fault, known.due_at) == (before, False, None)


def test_two_who_tell_of_one_purchase_wait_for_each_other(fact, sold, app):
    fact(sold)
    with transaction():
        one_at_a_time()
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()"
        assert session().scalar(text(held)) == 1


@pytest.mark.parametrize(
    "change",
    ["fault = true", "stage = 'won'", "matured_at = placed_at", "fault_reason = 'bot'", "buyer_id = agency_id"],
)
def test_the_database_holds_that_a_fact_is_whole(fact, sold, change):
    fact(sold)
    with pytest.raises(IntegrityError), transaction():
        session().execute(text(f"UPDATE sold_leads SET {change}"))
