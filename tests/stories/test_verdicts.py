"""Disputes that published rules and the clock decide: each way to a verdict, through HTTP, with its money."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from marketplace import disputes
from marketplace.disputes import findings
from marketplace.disputes.findings import Line, Look, Source, Unanswered
from marketplace.disputes.jobs import judge, look_into, uphold_unanswered
from marketplace.insights import run_checks
from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.leads import bounces
from marketplace.leads.models import Lead
from marketplace.quality.disputes import Evidence, Found
from tests.factories.banks import bank_dispute
from tests.factories.leads import make_lead
from tests.factories.lines import asked_about_lines
from tests.factories.money import fund, funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale

PRICE = 100_00
ANSWER = {"statement": "Our log shows a person who typed for two minutes."}


@pytest.fixture
def network(app):
    with asked_about_lines() as network:
        yield network


@pytest.fixture
def agency(app):
    return make_person("agency")


@pytest.fixture
def buyer(app):
    return funded_buyer(1_000_00)


@pytest.fixture(autouse=True)
def books_hold(app):
    yield
    session().rollback()
    assert [finding for finding in run_checks() if not finding.holds] == []


@pytest.fixture
def bought(api, agency, buyer):
    """Somebody's lead, bought for 100.00: bought(phone=...) -> the order's id."""

    def bought(**lead):
        terms = {"price": {"amount": PRICE, "currency": "USD"}}
        (lead_id,) = put_on_sale(api(agency), make_lead(**lead), **terms)
        return buy(api(buyer), lead_id, PRICE)

    return bought


@pytest.fixture
def disputed(api, buyer, bought, run_jobs):
    """A dispute that we have looked into: its address."""

    def disputed(reason="invalid_phone", *, order=None, files=(), **lead):
        order = order or bought(**lead)
        said = {"reason": reason, "statement": "We tried, and it is not what was sold."}
        files = {"evidence": [(io.BytesIO(content), name) for name, content in files]} if files else {}
        opened = api(buyer).post(f"/orders/{order}/disputes", form={**said, **files})
        assert opened.status == 201, opened.body
        run_jobs()
        return f"/disputes/{opened['id']}"

    return disputed


@pytest.fixture
def answered(api, agency, run_jobs):
    def answered(case):
        told = api(agency).post(f"{case}/answers", ANSWER)
        assert told.status == 201, told.body
        run_jobs()
        return api(agency).get(case)

    return answered


def available(api, buyer):
    return api(buyer).get("/wallet")["available"]


def found(told):
    return {each["evidence"]: each["found"] for each in told["findings"]}


def sources(told):
    return {each["evidence"]: (each["source"], each["uploaded"]) for each in told["findings"]}


def log_calls(api, buyer, order, clock, *results):
    """One call every 9 hours."""
    for result in results:
        logged = api(buyer).post(f"/orders/{order}/calls", {"result": result})
        assert logged.status == 201, logged.body
        clock.advance(hours=9)


def test_a_dead_line_upholds_once_the_agency_was_heard(api, network, agency, buyer, disputed, answered):
    case = disputed(phone=(number := make_lead()["phone"]))
    assert network.asked == [number]
    network.says[number] = Line.DEAD
    look_into(subject_id=case.rpartition("/")[2])
    told = api(agency).get(case)
    assert (told["state"], found(told)["phone_recheck_invalid"]) == ("open", "present"), "the agency may still answer"
    assert available(api, buyer) == 900_00
    decided = answered(case)
    assert (decided["state"], decided["refund_percent"], decided["rules"]) == ("upheld", 100, ["phone_recheck_invalid"])
    assert "The network says that the line is dead." in decided["reasoning"]
    assert session().scalar(text("SELECT reasoning FROM disputes")) is None, (
        "kept as rules and facts, worded for a reader"
    )
    assert available(api, buyer) == 1_000_00
    reads = session().execute(text("SELECT via, user_id FROM contact_reads WHERE via = 'recheck'")).all()
    assert set(reads) == {("recheck", None)}, "our own reading of a contact stands in its log"


def test_the_outside_is_asked_after_the_row_and_again_when_it_was_away(api, network, agency, buyer, bought):
    number = make_lead()["phone"]
    network.says[number] = Unanswered()
    said = {"reason": "bot", "statement": "A program filled it in."}
    case = api(buyer).post(f"/orders/{bought(phone=number)}/disputes", said)["id"]
    with pytest.raises(Unanswered):
        look_into(subject_id=case)
    session().rollback()
    api(agency).post(f"/disputes/{case}/answers", ANSWER)
    judge(subject_id=case)
    told = api(buyer).get(f"/disputes/{case}")
    (line,) = [each for each in told["findings"] if each["evidence"] == "phone_recheck_invalid"]
    assert (line["method"], line["found"], told["state"]) == ("asked", "unknown", "answered")
    network.says[number] = Line.DEAD
    for _twice in range(2):
        look_into(subject_id=case)
    assert api(buyer).get(f"/disputes/{case}")["state"] == "upheld"
    assert network.asked == [number] * 2, "an ended dispute is not asked about"


def test_nobody_is_asked_where_there_is_nobody_to_ask(api, disputed, answered):
    told = answered(disputed())
    assert (told["state"], found(told)["phone_recheck_invalid"]) == ("answered", "unknown")
    assert not session().scalar(text("SELECT count(*) FROM contact_reads WHERE via = 'recheck'"))


def test_what_an_agency_sent_twice_upholds_at_once(api, buyer, disputed, bought):
    """Intake refuses that; where it slipped through, our own index knows."""
    numbers = [make_lead()["phone"] for _twice in range(2)]
    bought(phone=numbers[0])
    order = bought(phone=numbers[1])
    with transaction():
        session().execute(text("UPDATE lead_keys SET digest = '\\x01' WHERE kind = 'phone'"))
    told = api(buyer).get(disputed("duplicate", order=order))
    assert (told["state"], told["rules"], told["refund_percent"]) == ("upheld", ["duplicate_90_days"], 100)
    assert available(api, buyer) == 900_00


def test_a_bounce_of_our_own_counts_and_its_absence_does_not(api, buyer, disputed, answered):
    assert found(api(buyer).get(disputed("invalid_email")))["hard_bounce"] == "unknown"
    lead = make_lead()
    with transaction():
        bounces.note(lead["email"].upper())
    assert not session().scalar(text("SELECT count(*) FROM bounces WHERE encode(digest, 'escape') LIKE '%maria%'"))
    told = answered(disputed("invalid_email", **lead))
    assert found(told)["hard_bounce"] == "present"
    assert (told["state"], told["p_fake"] > 0.97) == ("upheld", True)


def test_the_buyers_own_record_rejects_its_dispute(api, buyer, bought, disputed, answered, network):
    number = make_lead()["phone"]
    network.says[number] = Line.LIVE
    order = bought(phone=number)
    assert api(buyer).post(f"/orders/{order}/outcomes", {"stage": "qualified"}).status == 201
    case = disputed("invalid_phone", order=order)
    told = answered(case)
    assert (told["state"], found(told)["buyer_reached"]) == ("answered", "present"), "5 percent is for a person"
    with transaction():
        session().execute(text("UPDATE leads SET checks = jsonb_set(checks, '{marks,consent}', '\"passed\"')"))
    judge(subject_id=told["id"])
    assert api(buyer).get(case)["p_fake"] < 0.05


def test_a_buyers_word_for_itself_counts_half_and_against_itself_in_full(api, buyer, bought, disputed):
    """It comes with the buyer's own key, and says what the buyer likes."""
    for stage, points, uploaded in (("lost", 0.175, True), ("contacted", -3.4, False)):
        order = bought()
        assert api(buyer).post(f"/orders/{order}/outcomes", {"stage": stage}).status == 201
        told = api(buyer).get(disputed("invalid_phone", order=order))
        (part,) = [part for part in told["parts"] if part["rule"] == "buyer_reached"]
        assert (part["points"], sources(told)["buyer_reached"]) == (points, ("buyer", uploaded)), stage


def test_what_can_only_be_known_from_talking_is_not_held_against_the_buyer(api, buyer, bought, disputed, run_jobs):
    order = bought()
    api(buyer).post(f"/orders/{order}/outcomes", {"stage": "contacted"})
    case = disputed("not_requested", order=order)
    assert found(api(buyer).get(case))["buyer_reached"] == "unknown"
    api(buyer).post(f"/orders/{order}/outcomes", {"stage": "won"})
    run_jobs()
    assert found(api(buyer).get(case))["buyer_reached"] == "present", "it sold to somebody who never asked"


def test_each_reason_without_proof_is_for_a_person(api, agency, buyer, bought, run_jobs):
    """With a file of the buyer's, where one can show it, and without."""
    shows = ["not_requested", "wrong_person", "hired", "competitor", "no_consent"]
    cases = {}
    for reason in [*shows, "invalid_phone", "invalid_email", "bot", "outside_criteria", "duplicate"]:
        said = {"reason": reason, "statement": "We tried, and it is not what was sold."}
        file = {"evidence": [(io.BytesIO(b"I only wanted the prize."), "call.txt")]} if reason in shows else {}
        opened = api(buyer).post(f"/orders/{bought()}/disputes", form={**said, **file})
        cases[reason] = f"/disputes/{opened['id']}"
        assert api(agency).post(f"{cases[reason]}/answers", ANSWER).status == 201
    run_jobs()
    for reason, case in cases.items():
        told = api(buyer).get(case)
        points = {part["rule"]: part["points"] for part in told["parts"]}
        assert (told["state"], told["rules"]) == ("answered", []), reason
        assert points["recording_did_not_ask"] == (1.35 if reason in shows else 0), reason
        assert abs(points["buyer_trust"] + points["duplicate_90_days"] - 0.5331) < 0.001
    assert {part["words"] for part in told["parts"]} >= {"The buyer’s record", "The agency’s record"}


def test_unreachable_needs_four_calls_on_two_days(api, buyer, bought, disputed, clock, run_jobs):
    clock.advance(
        hours=24 - product_clock.now().hour
    )  # early in a day, so that the calls fall on two whenever this runs
    order = bought()
    said = {"reason": "unreachable", "statement": "Nobody ever answers."}
    log_calls(api, buyer, order, clock, "no_answer", "voicemail", "spoke", "busy")
    early = api(buyer).post(f"/orders/{order}/disputes", said)
    assert (early.status, early.code) == (409, "not_tried_enough")
    assert "So far there are 3 on 2." in early.text
    assert api(buyer).get(f"/orders/{order}")["state"] == "held"
    log_calls(api, buyer, order, clock, "no_answer")
    told = api(buyer).get(disputed("unreachable", order=order))
    (calls,) = [part for part in told["parts"] if part["rule"] == "call_attempts_4_on_2_days"]
    assert calls["points"] == 0.5, "told with the buyer's own key, that is, by the buyer"
    assert sources(told)["call_attempts_4_on_2_days"] == ("buyer", True)
    assert found(told)["buyer_reached"] == "present", "once somebody answered"


def test_the_other_sides_calls_are_nobodys_business(api, agency, buyer, bought):
    order = bought()
    assert api(agency).post(f"/orders/{order}/calls", {"result": "busy"}).status == 403
    assert api(make_person("buyer")).post(f"/orders/{order}/calls", {"result": "busy"}).status == 404
    at = (product_clock.now() + timedelta(hours=1)).isoformat()
    assert api(buyer).post(f"/orders/{order}/calls", {"result": "busy", "at": at}).code == "wrong_time"
    first = api(buyer).post(f"/orders/{order}/calls", {"result": "busy"})
    again = api(buyer).post(f"/orders/{order}/calls", {"result": "busy", "at": first["at"]})
    other = api(buyer).post(f"/orders/{order}/calls", {"result": "spoke", "at": first["at"]})
    assert (again["id"], other.status) == (first["id"], 422)
    assert len(api(buyer).get(f"/orders/{order}/calls")["items"]) == 1


def test_silence_upholds_by_its_rule(api, buyer, disputed, later):
    case = disputed()
    later(hours=73)
    told = api(buyer).get(case)
    assert (told["state"], told["rules"], told["refund_percent"]) == ("upheld", ["no_answer_72h"], 100)
    assert available(api, buyer) == 1_000_00


@pytest.mark.parametrize(("outcome", "back"), [("upheld", PRICE), ("rejected", 0)])
def test_nobody_waits_longer_than_120_hours(api, buyer, bought, disputed, answered, later, outcome, back):
    order = bought()
    if outcome == "rejected":
        api(buyer).post(f"/orders/{order}/outcomes", {"stage": "contacted"})
    case = disputed("bot", order=order)
    assert answered(case)["state"] == "answered"
    later(hours=119)
    assert api(buyer).get(case)["state"] == "answered"
    later(hours=2)
    told = api(buyer).get(case)
    assert (told["state"], told["rules"]) == (outcome, ["time_up_120h"])
    assert "Nobody decided within 120 hours: what is more likely holds (time_up_120h)" in told["reasoning"]
    assert available(api, buyer) == 900_00 + back
    assert session().scalar(text("SELECT blind_review FROM dispute_verdicts WHERE by = 'time'")) is True


def test_one_case_that_breaks_stops_no_other(api, buyer, disputed, clock):
    first, second = disputed(), disputed("bot")
    with transaction():
        session().execute(update(Lead).values(checks=text("'[]'")).where(Lead.id.in_(_leads_of(api, buyer, first))))
    clock.advance(hours=73)
    with pytest.raises(AttributeError):
        uphold_unanswered()
    session().rollback()
    assert [api(buyer).get(case)["state"] for case in (first, second)] == ["open", "upheld"]


def _leads_of(api, buyer, case):
    order_id = api(buyer).get(case)["order_id"]
    return [session().scalar(text("SELECT lead_id FROM orders WHERE id = :id"), {"id": order_id})]


def test_no_clock_runs_out_while_a_bank_holds_the_money(api, agency, disputed, later, run_jobs, app):
    payer = make_person("buyer")
    top_up = fund(payer.who, PRICE)
    (lead_id,) = put_on_sale(api(agency), make_lead(), price={"amount": PRICE, "currency": "USD"})
    order = buy(api(payer), lead_id, PRICE)
    said = {"reason": "bot", "statement": "A program filled it in."}
    case = f"/disputes/{api(payer).post(f'/orders/{order}/disputes', said)['id']}"
    bank_dispute(top_up, "needs_response", PRICE)
    later(hours=200)
    assert api(payer).get(case)["state"] == "open"
    bank_dispute(top_up, "won", PRICE)
    later(minutes=10)
    assert (api(payer).get(case)["state"], available(api, payer)) == ("upheld", PRICE)


def test_the_time_for_an_appeal_stands_still_while_a_bank_holds_the_money(api, agency, later, app):
    payer, staff = make_person("buyer"), make_person("staff")
    top_up = fund(payer.who, PRICE)
    (lead_id,) = put_on_sale(api(agency), make_lead(), price={"amount": PRICE, "currency": "USD"}, window_days=3)
    order = buy(api(payer), lead_id, PRICE)
    opened = api(payer).post(f"/orders/{order}/disputes", {"reason": "bot", "statement": "A program filled it in."})
    verdict = {"outcome": "rejected", "refund_percent": 0, "reasoning": "A person typed it."}
    decided = api(staff).post(f"/disputes/{opened['id']}/decisions", verdict)
    assert decided.status == 201
    later(hours=70)
    bank_dispute(top_up, "needs_response", PRICE)
    later(hours=100)
    appeal = {"statement": "It was typed in one second."}
    refused = api(payer).post(f"/disputes/{opened['id']}/appeals", appeal)
    assert (refused.status, refused.code) == (409, "order_frozen")
    bank_dispute(top_up, "won", PRICE)
    later(minutes=10)
    assert api(payer).get(f"/orders/{order}")["state"] == "held", "still held: it may be appealed"
    assert api(payer).post(f"/disputes/{opened['id']}/appeals", appeal).status == 201


def test_the_persons_own_word_decides_at_once(api, buyer, disputed, run_jobs):
    case = disputed("wrong_person")
    dispute_id = case.rpartition("/")[2]
    with transaction():
        dispute = session().get(disputes.Dispute, dispute_id)
        findings.note(dispute, Look(Evidence.NOT_ME, Found.PRESENT, Source.CONSUMER, "page"))
    judge(subject_id=dispute_id)
    told = api(buyer).get(case)
    assert (told["state"], told["rules"]) == ("upheld", ["consumer_not_me"])


def test_the_test_drive(api, agency, buyer, bought, disputed, answered, later):
    """A wants the car (payable), B audits for a rival (competitor), C was paid by the ad platform (hired filler)."""
    staff = make_person("staff")
    wants, rival, paid = (bought() for _person in range(3))
    assert api(buyer).post(f"/orders/{wants}/outcomes", {"stage": "qualified"}).status == 201
    for order, reason, words in ((rival, "competitor", b"I audit for Northgate Motors."), (paid, "hired", b"5 a form")):
        told = answered(disputed(reason, order=order, files=[("call.txt", words)]))
        assert told["state"] == "answered", "a person listens to what the file says"
        verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "The recording says so."}
        assert api(staff).post(f"/disputes/{told['id']}/decisions", verdict).status == 201
    later(days=8)
    states = [api(buyer).get(f"/orders/{order}")["state"] for order in (wants, rival, paid)]
    assert states == ["released", "refunded", "refunded"]
    assert available(api, buyer) == 1_000_00 - PRICE
    assert api(agency).get("/balance")["payable"] == 81_00


def test_a_rule_is_applied_once_and_older_disputes_are_caught_up(api, buyer, disputed, later):
    case = disputed()
    with transaction():
        session().execute(text("DELETE FROM dispute_findings"))
        session().execute(text("DELETE FROM dispute_opinions"))
    assert api(buyer).get(case)["p_fake"] is None
    later(minutes=5)
    assert api(buyer).get(case)["p_fake"] is not None
    later(hours=73)
    uphold_unanswered()
    assert session().scalar(text("SELECT count(*) FROM dispute_verdicts")) == 1
    assert session().scalar(text("SELECT refunded_cents FROM orders")) == PRICE
