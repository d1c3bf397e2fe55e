"""Sales that are not reported: the running test, the request for proof, the calls, two persons, what follows."""

import io
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace import leads
from marketplace.disputes.doubts import Doubt, DoubtCall, open_doubt
from marketplace.disputes.jobs import tell_due_facts
from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.orders import Order
from marketplace.quality import reporting
from marketplace.quality.facts import SoldLead, Stage
from marketplace.quality.reporting import ReportNight
from marketplace.quality.reporting.jobs import test_reports as enter
from marketplace.quality.scores import LeadScore, ScoreModel
from marketplace.quality.under_reporting import RHO_ACT, chance_of_sale, play
from tests.conftest import Visitor
from tests.factories.money import fund
from tests.factories.pages import Reader
from tests.factories.people import make_person
from tests.factories.sales import acquire, agreement, offer

P = 0.6
SLOPE = {"slope": 1.0}


@pytest.fixture
def people(app):
    people = {kind: make_person(kind) for kind in ("agency", "buyer", "staff")}
    people["second"] = make_person("staff")
    fund(people["buyer"].who, 200_000)
    return people


@pytest.fixture
def at(people, api):
    return lambda name: api(people[name])


@pytest.fixture
def pages(people, app):
    """Somebody who is signed in: pages("buyer").get(...)."""

    def signed_in(name):
        reader = Reader(Visitor(app, app.response_class, use_cookies=True))
        assert reader.sign_in(people.get(name) if isinstance(name, str) else name).status == 303
        return reader

    return signed_in


@pytest.fixture
def model(app):
    """A model of conversion; `told(measures, trained_on)` says how good it is."""

    def told(measures=SLOPE, trained_on=1_000):
        with transaction():
            row = ScoreModel(
                kind="convert", vertical=None, version=str(new_id()), coefficients={}, trained_at=product_clock.now(),
                trained_on=trained_on, measures=measures, state="retired",
            )  # fmt: skip
            session().add(row)
            session().flush()
            return row.id

    return told


def take(at, people, model_id, *, reported, silent, days=110):
    """Old purchases of the buyer that are paid by the sale, with their chance: so many reported, the others not."""
    (lead_id,) = offer(at("agency"), count=1)
    order_id = acquire(at("buyer"), lead_id)
    with transaction():
        order = session().get_one(Order, UUID(order_id))
        session().merge(_score(order.lead_id, model_id))
        for number in range(reported + silent):
            session().add(_fact(order, number < reported, days))
    return order_id


def _score(lead_id, model_id, chance=P):
    fraud = session().scalars(select(ScoreModel.id).where(ScoreModel.kind == "fraud")).first() or _fraud()
    return LeadScore(
        lead_id=lead_id, p_fraud=0.05, p_convert=chance if model_id else None, fraud_model_id=fraud,
        convert_model_id=model_id, inputs={}, reasons={"fraud": []}, scored_at=product_clock.now(),
    )  # fmt: skip


def _fraud():
    row = ScoreModel(
        kind="fraud", vertical=None, version="1", coefficients={}, trained_at=product_clock.now(), trained_on=0,
        state="serving",
    )  # fmt: skip
    session().add(row)
    session().flush()
    return row.id


def _fact(order, won, days):
    placed = product_clock.now() - timedelta(days=days)
    matured = placed + timedelta(days=7)
    return SoldLead(
        order_id=new_id(), lead_id=order.lead_id, listing_id=order.listing_id, agency_id=order.agency_id,
        buyer_id=order.buyer_id, vertical="education", channel="search", is_per_sale=True, price_cents=2_000,
        currency="USD", placed_at=placed, matured_at=matured, fault=False,
        stage=Stage.WON if won else Stage.LOST, won_at=placed + timedelta(days=30) if won else None,
    )  # fmt: skip


def numbers_of(people):
    with transaction():
        return reporting.test_of(people["buyer"].org_id)


def doubt_of(people):
    with transaction():
        return session().scalars(select(Doubt).where(Doubt.buyer_id == people["buyer"].org_id)).first()


@pytest.fixture
def flagged(at, people, model, run_jobs, clock):
    """The orders of a buyer that reported nothing of 14 good leads; the fifteenth was bad and does not count."""
    lead_ids = offer(at("agency"), count=15)
    order_ids = [acquire(at("buyer"), lead_id) for lead_id in lead_ids]
    opened = at("buyer").post(f"/orders/{order_ids[-1]}/disputes", {"reason": "invalid_phone", "statement": "Dead."})
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "The facts decide."}
    assert at("staff").post(f"/disputes/{opened['id']}/decisions", verdict).status == 201
    run_jobs()
    model_id = model()
    with transaction():
        for lead_id in lead_ids:
            session().merge(_score(UUID(lead_id), model_id, 0.95))
    clock.advance(days=104)
    tell_due_facts()
    enter()
    run_jobs()
    return order_ids


def test_a_flag_asks_for_proof_by_letter_and_draws_persons_to_call(flagged, people, at, box, pages):
    found, doubt = numbers_of(people), doubt_of(people)
    assert (found.leads, found.reported) == (14, 0)
    assert found.flagged_at is not None
    assert doubt.e_value >= 100
    assert doubt.answer_by - doubt.opened_at == timedelta(days=14)
    letters = [letter for letter in box.letters if "How did your leads go?" in str(letter)]
    assert len(letters) == 1
    staff = at("staff").get(f"/report-doubts/{doubt.id}")
    assert {UUID(call["order_id"]) for call in staff["calls"]} == {UUID(order) for order in flagged[:14]}
    seen = at("buyer").get("/reporting")["doubt"]
    assert (seen["state"], seen["calls"]) == ("asked", [])
    page = pages("buyer").get("/sales/reporting")
    for words in ("This is a question, not a verdict", "This holds only if the chances are right"):
        assert words in page.words
    assert "flagged" in pages("staff").get("/admin/reports").words
    assert pages("agency").get("/sales/reporting").status == 404
    assert pages("buyer").get("/admin/reports").status == 404


def test_only_a_call_that_found_a_sale_and_two_persons_make_a_buyer_pay_by_the_lead(
    flagged, people, at, box, pages, run_jobs
):
    doubt = doubt_of(people)
    path = f"/report-doubts/{doubt.id}"
    (lead_id,) = offer(at("agency"))
    agreed = agreement(at("buyer"), lead_id)
    propose = {"act": "propose", "reasoning": "Three of five persons bought."}
    assert at("staff").post(f"{path}/decisions", propose).code == "no_proof"
    call = at("staff").get(path)["calls"][0]["id"]
    person = at("staff").get(f"{path}/calls/{call}/contact")
    assert person["phone_e164"].startswith("+1")
    assert at("staff").post(f"{path}/calls/{call}", {"finding": "bought", "note": "In May."}).status == 201
    assert at("staff").get(f"{path}/calls/{call}/contact").code == "doubt_over"
    assert at("staff").post(f"{path}/decisions", propose)["state"] == "proposed"
    assert at("buyer").get("/reporting")["doubt"]["state"] == "asked"
    assert at("staff").post(f"{path}/decisions", {"act": "confirm"}).code == "same_person"
    assert "someone else must confirm or refuse" in pages("staff").get(f"/admin/reports/{doubt.buyer_id}").words
    assert at("buyer").post("/orders", agreed).status == 201
    assert at("second").post(f"{path}/decisions", {"act": "confirm"})["state"] == "proven"
    run_jobs()
    assert any("you take leads for a price only" in str(letter) for letter in box.letters)
    (other,) = offer(at("agency"))
    refused = at("buyer").post("/orders", agreement(at("buyer"), other))
    assert (refused.status, refused.code) == (403, "prepaid_only")
    assert "for a price only" in pages("buyer").get(f"/catalog/{other}").words
    assert at("buyer").get("/reporting")["is_prepaid"] is True
    lift = {"act": "lift", "reasoning": "All reported since."}
    assert at("second").post(f"{path}/decisions", lift)["state"] == "lifted"
    assert at("buyer").post("/orders", agreement(at("buyer"), other)).status == 201
    assert numbers_of(people).flagged_at is None


def test_a_buyer_answers_with_files_and_is_cleared_and_its_test_begins_anew(flagged, people, at, pages, run_jobs):
    doubt = doubt_of(people)
    reader = pages("buyer")
    answer = f"/sales/reporting/{doubt.id}/answer"
    assert reader.post(answer, statement="short").status == 422
    table = (io.BytesIO(b"lead,outcome\n1,lost\n"), "crm.csv")
    page = reader.follow(reader.post(answer, statement="Nobody enrolled this term.", evidence=table))
    assert "Nobody enrolled this term." in page.words
    assert "crm.csv" in page.words
    file_id = at("staff").get(f"/report-doubts/{doubt.id}")["files"][0]["id"]
    assert pages("staff").get(f"/sales/reporting/{doubt.id}/files/{file_id}").status == 200
    stranger = pages(make_person("buyer"))
    assert stranger.get(f"/sales/reporting/{doubt.id}/files/{file_id}").status == 404
    assert stranger.post(answer, statement="It was not us at all.").status == 404
    desk = pages("second")
    case = f"/admin/reports/doubts/{doubt.id}/decision"
    cleared = desk.post(case, act="clear", reasoning="The export shows it.")
    assert "cleared" in desk.follow(cleared).words
    told = reader.get("/sales/reporting").words
    assert "nothing against you. The test has started again. Our reasons: The export shows it." in told
    assert (numbers_of(people).leads, numbers_of(people).round) == (0, 2)
    enter()
    run_jobs()
    assert numbers_of(people).leads == 0
    assert at("staff").post(f"/report-doubts/{doubt.id}/decisions", {"act": "refuse"}).code == "doubt_over"


def test_a_buyer_is_told_how_many_files_still_fit(flagged, people, pages):
    reader, answer = pages("buyer"), f"/sales/reporting/{doubt_of(people).id}/answer"

    def send(first, last):
        shown = [(io.BytesIO(b"call %d" % number), f"{number}.txt") for number in range(first, last)]
        return reader.post(answer, statement="Our list of calls.", evidence=shown)

    for first, last in ((0, 5), (5, 10), (10, 15), (15, 18)):
        assert send(first, last).status == 303
    for (first, last), says in (
        ((18, 21), "You can add 2 more files here."),
        ((0, 7), "Send up to 5 files at a time."),
    ):
        refused = send(first, last)
        assert (refused.status, says in refused.words) == (409, True)


def test_who_wants_no_more_calls_is_not_drawn(flagged, people):
    def drawn():
        return {str(order_id) for order_id in reporting.unreported_of(people["buyer"].org_id, "a lot", 30)}

    first, *others = flagged[:-1]
    address = (
        "SELECT digest FROM lead_keys k JOIN orders o ON o.lead_id = k.lead_id WHERE o.id = :first AND kind = 'email'"
    )
    with transaction():
        assert drawn() == {first, *others}
        leads.stop_person(session().scalars(text(address), {"first": first}).one())
        assert drawn() == {*others}


def test_the_same_flag_twice_opens_one_doubt_and_the_database_wants_two_persons(flagged, people):
    with transaction():
        open_doubt(people["buyer"].org_id)
        open_doubt(people["buyer"].org_id)
        assert len(session().scalars(select(DoubtCall)).all()) == 14
    alone = "UPDATE report_doubts SET state = 'proven', proposed_by = :who, decided_by = :who, decided_at = now()"
    with pytest.raises(IntegrityError), transaction():
        session().execute(text(alone), {"who": people["staff"].who.user_id})


def test_a_lead_enters_once_at_a_fixed_age_and_the_bet_is_that_of_the_formula(at, people, model, clock):
    take(at, people, model(), reported=10, silent=3, days=103)
    enter()
    assert numbers_of(people) is None
    clock.advance(days=1)
    enter()
    enter()
    found, p = numbers_of(people), chance_of_sale(P, 90)
    assert (found.leads, found.reported, found.left_out) == (13, 10, 0)
    assert found.expected == pytest.approx(13 * p)
    assert found.acting.e_value == pytest.approx(play([p] * 13, [1] * 10 + [0] * 3, rho0=RHO_ACT).e_value)
    assert found.flagged_at is None
    with transaction():
        assert len(session().scalars(select(ReportNight)).all()) == 1
    page_figures = at("buyer").get("/reporting")["test"]
    assert (page_figures["leads"], page_figures["reported"]) == (13, 10)


@pytest.mark.parametrize(
    ("measures", "trained_on"), [(None, 1_000), ({"slope": 0.5}, 1_000), ({"slope": 1.0}, 299), ({"slope": 1.5}, 1_000)]
)
def test_without_a_calibrated_model_nothing_is_counted_and_nobody_flagged(
    at, people, model, pages, measures, trained_on
):
    take(at, people, model(measures, trained_on), reported=0, silent=100)
    enter()
    found = numbers_of(people)
    assert (found.leads, found.left_out, found.acting.e_value) == (0, 100, 1)
    assert not found.has_guarantee
    assert doubt_of(people) is None
    assert "No guarantee: not calibrated" in pages("buyer").get("/sales/reporting").words
