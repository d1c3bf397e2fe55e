"""Agencies are rated each night; the grade follows, alarms hold new leads, calls decide."""

from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from marketplace import leads
from marketplace.events import SYSTEM
from marketplace.kit.db import session, transaction
from marketplace.orders.jobs import tell_links
from marketplace.people import Organisation
from marketplace.people.actions.rows import add_member
from marketplace.quality import agencies, calibration_tables, jobs
from marketplace.quality.agencies.links import groups
from marketplace.quality.agencies.models import AgencyAlarm, AgencyRating, AlarmState, BuyerLink, RatingNight
from marketplace.quality.agencies.rules import at_least, in_a_row, is_confirmed
from marketplace.quality.facts import LeadAudit, SoldLead
from tests.conftest import Visitor
from tests.factories.facts import Facts, add_calls, facts_of
from tests.factories.leads import make_lead
from tests.factories.money import funded_buyer
from tests.factories.pages import Reader
from tests.factories.people import make_person
from tests.factories.story import open_listing, purchase, put_on_sale


@pytest.fixture
def facts(app, api):
    return Facts(api)


@pytest.fixture
def staff(app, api):
    return api(make_person("staff"))


@pytest.fixture
def buyer(app):
    return funded_buyer(100_000)


@pytest.fixture
def night(clock, run_jobs):
    """The next night passes."""

    def night():
        clock.advance(days=1)
        jobs.rate_night()
        run_jobs()
        session().expire_all()

    return night


@pytest.fixture
def alarmed(facts, night):
    """The agency, with a good record, has an alarm on its channel social."""
    facts.sold(100)
    night()
    facts.sold(30, 7, channel="social", age=0.1)
    night()
    return facts


def org(facts):
    return session().get(Organisation, facts.id)


def newest(facts):
    found = select(AgencyRating).where(AgencyRating.agency_id == facts.id).order_by(AgencyRating.night.desc())
    return session().scalars(found).first()


def alarm(facts):
    session().expire_all()
    return session().scalars(select(AgencyAlarm).where(AgencyAlarm.agency_id == facts.id)).one()


def alarm_of(facts, channel):
    session().expire_all()
    found = select(AgencyAlarm).where(AgencyAlarm.agency_id == facts.id, AgencyAlarm.channel == channel)
    return session().scalars(found).one()


def drawn_for_alarms():
    """The calls of alarms that are to be made."""
    wanted = LeadAudit.why == "alarm", LeadAudit.state == "waiting"
    return session().scalars(select(LeadAudit.id).where(*wanted).order_by(LeadAudit.id)).all()


def in_the_lot(facts, channel, count):
    """The usual lot has drawn so many good leads of the channel."""
    good = [each for each in facts_of(facts.id) if each.channel == channel and not each.fault]
    add_calls(good[:count])


def test_a_good_agency_gets_its_grade_over_night_and_the_next_sale_follows_it(facts, night, api, buyer):
    facts.sold(100)
    night()
    assert (org(facts).grade, org(facts).score) == ("A", 95.5)
    told = api(buyer).get(f"/agencies/{facts.id}/rating")
    assert (told.status, told["grade"], told["n"], told["buyers"], told["faults"]) == (200, "A", 100, 6, 0)
    assert told["interval"][0] <= told["expected_fault"] <= told["interval"][1]
    assert [part["channel"] for part in told["per_channel"]] == ["search"]
    assert len(told["history"]) == 1
    (lead,) = api(buyer).get("/catalog/leads")["items"]
    assert lead["agency"] == {"id": str(facts.id), "name": org(facts).name, "grade": "A", "score": 95.5}
    order = api(buyer).post("/orders", purchase(lead["id"]))
    fee = "SELECT fee_bp, reserve_bp FROM orders WHERE id = :id"
    assert tuple(session().execute(text(fee), {"id": order["id"]}).one()) == (800, 0)


def test_nothing_is_said_of_a_newcomer(facts, night, api, buyer):
    facts.sold(9)
    night()
    assert (newest(facts).grade, org(facts).grade) == ("new", "new")
    assert newest(facts).ways["leads_wanting"] == 1
    other = make_person("agency")
    told = api(buyer).get(f"/agencies/{other.org_id}/rating")
    assert (told["grade"], told["score"], told["n"], told["history"]) == ("new", None, 0, [])
    assert api(other).get(f"/agencies/{facts.id}/rating").status == 404
    assert api(facts.agency).get(f"/agencies/{buyer.org_id}/rating").status == 404


def test_a_night_is_done_once_and_a_broken_one_again(facts, night, clock):
    facts.sold(20)
    night()
    facts.sold(20)
    assert not agencies.rate_night()
    assert newest(facts).leads == 20
    with transaction():
        session().execute(update(RatingNight).values(ended_at=None))
    assert not agencies.rate_night()  # somebody is at it
    clock.advance(hours=2)
    assert agencies.rate_night()
    session().expire_all()
    assert newest(facts).leads == 40
    assert session().scalar(text("SELECT count(*) FROM agency_ratings")) == 1


def test_what_staff_set_holds_until_its_end_and_then_the_record_counts(facts, night, staff, clock):
    facts.sold(100)
    wanted = {"grade": "C", "reason": "Their consent texts are under review.", "days": 3}
    assert staff.post(f"/organisations/{facts.id}/grade", wanted)["grade"] == "C"
    night()
    assert (org(facts).grade, newest(facts).grade) == ("C", "A")
    clock.advance(days=3)
    night()
    assert (org(facts).grade, org(facts).grade_note) == ("A", "")
    staff.post(f"/organisations/{facts.id}/grade", {**wanted, "days": 0})
    night()
    assert org(facts).grade == "A"


def test_it_says_what_would_make_the_grade_better(facts, night):
    facts.sold(160, 3)
    facts.sold(40, 9, channel="popup")
    night()
    found = newest(facts)
    assert found.grade == "B"
    assert found.ways["goal"] == "A"
    assert found.ways["without"]["channel"] == "popup"
    assert found.ways["without"]["score"] > found.score
    facts.sold(found.ways["clean"] + 10)
    night()
    assert newest(facts).grade == "A"


def test_buyers_that_belong_together_are_one(facts, night):
    with transaction():
        person = session().scalar(text("SELECT user_id FROM memberships WHERE org_id = :id"), {"id": facts.buyers[0]})
        for buyer in facts.buyers[1:3]:
            add_member(person, buyer, "member", facts.agency.who)
        marks = "INSERT INTO payment_marks VALUES (:first, 'card', 'x', now()), (:second, 'card', 'x', now())"
        session().execute(text(marks), {"first": facts.buyers[2], "second": facts.buyers[3]})
    tell_links()
    facts.sold(100)
    night()
    assert newest(facts).buyers == 3
    assert newest(facts).grade == "C"  # clean as it is: A and B need five buyers that do not belong together
    assert len(set(session().scalars(select(BuyerLink.group_id)))) == 1


def test_what_an_agency_sold_to_itself_says_nothing(facts, night):
    facts.sold(60)
    friend = make_person("buyer").org_id
    facts.sold(300, buyers=[friend])
    with transaction():
        linked = "INSERT INTO linked_parties VALUES (:agency, :buyer, 'bank', now())"
        session().execute(text(linked), {"agency": facts.id, "buyer": friend})
    tell_links()
    night()
    assert (newest(facts).leads, newest(facts).buyers) == (60, 6)


def test_sales_are_rated_beside_the_faults_and_never_within(facts, night, api):
    other = Facts(api)
    facts.sold(60, won=18)
    other.sold(60, won=6)
    silent = facts.sold(30)
    with transaction():
        session().execute(update(SoldLead).where(SoldLead.order_id.in_(silent)).values(stage="new"))
    night()
    assert newest(facts).leads == 90
    assert newest(facts).sales["ratio"] > 1 > newest(other).sales["ratio"]
    assert (newest(facts).sales["n"], newest(facts).sales["won"]) == (60, 18)
    low, high = newest(facts).sales["interval"]
    assert low < newest(facts).sales["ratio"] < high


def test_the_catalogue_filters_by_grade_and_shows_better_agencies_first(facts, night, api, buyer):
    other = Facts(api)
    facts.sold(100)
    other.sold(100, 30, last_bad=False)
    night()
    script = api(buyer)
    assert (org(facts).grade, org(other).grade) == ("A", "F")
    assert [lead["agency"]["grade"] for lead in script.get("/catalog/leads", min_grade="B")["items"]] == ["A"]
    seen = [lead["agency"]["grade"] for lead in script.get("/catalog/leads")["items"]]
    assert seen == ["A", "F"]  # the other one is newer
    assert [lead["agency"]["grade"] for lead in script.get("/catalog/leads", sort="newest")["items"]] == ["F", "A"]


def test_an_alarm_holds_new_leads_of_its_channel_and_is_no_penalty(alarmed, api, buyer):
    rung = alarm(alarmed)
    assert (rung.state, rung.channel, org(alarmed).grade != "F") == ("ringing", "social", True)
    listing = open_listing(alarmed.api)
    sent = alarmed.api.post(f"/listings/{listing}/leads", [make_lead(channel="social"), make_lead(channel="search")])
    held, offered = (item["id"] for item in sent["items"])
    on_sale = {lead["id"] for lead in api(buyer).get("/catalog/leads")["items"]}
    assert offered in on_sale
    assert held not in on_sale
    refused = api(buyer).post("/orders", purchase(held))
    assert (refused.status, refused.code) == (409, "lead_not_offered")


def test_calls_that_find_nothing_end_an_alarm_and_it_begins_anew(alarmed, night, staff, run_jobs):
    jobs.draw_audits()
    calls = staff.get("/lead-audits", limit=50)["items"]
    assert [(call["why"], call["channel"]) for call in calls] == [("alarm", "social")] * 20
    for call in calls:
        assert staff.post(f"/lead-audits/{call['id']}/result", {"finding": "asked"}).status == 201
    assert alarm(alarmed).state == "ended"
    night()
    assert alarm(alarmed).state == "ended"
    assert session().scalar(text("SELECT count(*) FROM lead_holds")) == 0


def test_an_alarm_that_is_over_does_not_end_once_more(alarmed):
    with transaction():
        agencies.alarms.end(alarm(alarmed), AlarmState.ENDED, "", SYSTEM)
    with transaction(), pytest.raises(ValueError, match="ended -> lifted"):
        agencies.alarms.end(alarm(alarmed), AlarmState.LIFTED, "", SYSTEM)
    assert alarm(alarmed).state == "ended"


def test_faults_that_come_to_be_known_after_an_alarm_count_as_calls(alarmed, staff, clock, run_jobs):
    clock.advance(hours=1)
    alarmed.sold(20, 12, channel="social", age=0)
    jobs.draw_audits()
    calls = staff.get("/lead-audits", limit=50)["items"]
    assert len(calls) == 8
    for call in calls:
        staff.post(f"/lead-audits/{call['id']}/result", {"finding": "asked"})
    assert alarm_of(alarmed, "social").state == "confirmed"


def test_known_faults_that_the_lot_draws_confirm_no_alarm_of_a_healthy_channel(alarmed, staff, clock):
    """Those who are called take days to be reached, those who are known none: alone they are no sample."""
    with transaction():
        session().execute(text("UPDATE organisations SET grade = 'E' WHERE id = :id"), {"id": alarmed.id})
    clock.advance(days=1)
    bad = alarmed.sold(1000, channel="social", age=0, drawn=False)[::12]  # as many as an ordinary channel has
    with transaction():
        known = {"fault": True, "fault_reason": "invalid_phone", "disputed": True}
        session().execute(update(SoldLead).where(SoldLead.order_id.in_(bad)).values(known))
    for _time in range(3):
        jobs.draw_audits()
    assert (alarm_of(alarmed, "social").state, org(alarmed).grade) == ("ringing", "E")
    told = alarmed.api.get("/alarms")["items"][0]
    assert (told["waiting"] + told["failed"], told["failed"]) == (20, told["known"])
    for call in drawn_for_alarms():
        staff.post(f"/lead-audits/{call}/result", {"finding": "asked"})
    rung = alarm_of(alarmed, "social")
    is_bad = is_confirmed(told["failed"], 20, rung.expected)
    assert (rung.state, org(alarmed).grade) == (("confirmed", "F") if is_bad else ("ended", "E"))


def test_in_place_of_who_is_not_reached_another_is_called_and_no_fault_counted(alarmed, staff, clock):
    """Else the bad ones, of whom all are known, would outweigh the good ones, of whom some are reached."""
    clock.advance(hours=1)
    alarmed.sold(20, 2, channel="social", age=0)
    jobs.draw_audits()
    alarmed.sold(20, 20, channel="social", age=0)
    for call in drawn_for_alarms()[:6]:
        staff.post(f"/lead-audits/{call}/result", {"finding": "unreachable"})
    jobs.draw_audits()
    told = alarmed.api.get("/alarms")["items"][0]
    assert (told["passed"], told["failed"], told["known"], told["waiting"]) == (0, 2, 2, 18)


@pytest.mark.parametrize(("bad", "state"), [(0, "ended"), (1, "ended"), (7, "confirmed")])
def test_an_alarm_of_a_small_channel_is_judged_on_all_who_can_be_asked(alarmed, staff, bad, state):
    """What the lot had drawn is not drawn again, and what would be sold next is held: more will never come in."""
    in_the_lot(alarmed, "social", 9)
    jobs.draw_audits()
    calls = drawn_for_alarms()
    assert len(calls) == 14
    for number, call in enumerate(calls):
        staff.post(f"/lead-audits/{call}/result", {"finding": "did_not_ask" if number < bad else "asked"})
    assert alarm_of(alarmed, "social").state == "ringing"  # another may be there to be drawn
    jobs.draw_audits()
    assert alarm_of(alarmed, "social").state == state
    left = session().scalars(text("SELECT channel FROM lead_holds")).all()
    assert ("" in left) == (state == "confirmed")
    assert left or state == "ended"


def test_an_alarm_about_which_nobody_can_be_asked_ends_after_two_weeks(alarmed, staff, clock):
    in_the_lot(alarmed, "social", 21)
    jobs.draw_audits()
    for call in drawn_for_alarms():
        staff.post(f"/lead-audits/{call}/result", {"finding": "unreachable"})
    clock.advance(days=13)
    jobs.draw_audits()
    assert (alarm_of(alarmed, "social").state, drawn_for_alarms()) == ("ringing", [])
    clock.advance(days=2)
    jobs.draw_audits()
    assert alarm_of(alarmed, "social").state == "ended"
    assert session().scalar(text("SELECT count(*) FROM lead_holds")) == 0


@pytest.mark.parametrize("said", ["did_not_ask", "asked"])
def test_one_person_ends_no_alarm_before_the_two_weeks_are_over(alarmed, staff, clock, said):
    """Nothing that one says could confirm it: to judge would let go of what is held, whatever they say."""
    in_the_lot(alarmed, "social", 22)
    jobs.draw_audits()
    (call,) = drawn_for_alarms()
    staff.post(f"/lead-audits/{call}/result", {"finding": said})
    clock.advance(days=13)
    jobs.draw_audits()
    assert alarm_of(alarmed, "social").state == "ringing"
    assert session().scalar(text("SELECT count(*) FROM lead_holds")) == 1
    clock.advance(days=2)
    jobs.draw_audits()
    assert alarm_of(alarmed, "social").state == "ended"
    assert session().scalar(text("SELECT count(*) FROM lead_holds")) == 0


def test_people_of_withdrawn_leads_are_not_called(facts, staff):
    with transaction():
        agencies.alarms.suspend(facts.id, "grade")
    gone, offered = put_on_sale(facts.api, count=2)
    with transaction():
        session().execute(text("UPDATE leads SET state = 'withdrawn' WHERE id = :id"), {"id": gone})
    jobs.draw_audits()
    assert [call["lead_id"] for call in staff.get("/lead-audits")["items"]] == [offered]


def test_what_staff_set_ends_for_a_newcomer_too(facts, night, staff):
    wanted = {"grade": "A", "reason": "They are known from elsewhere.", "days": 3}
    staff.post(f"/organisations/{facts.id}/grade", wanted)
    night()
    assert org(facts).grade == "A"
    night()
    night()
    assert (org(facts).grade, org(facts).grade_until, org(facts).grade_note) == ("new", None, "")


def test_calls_that_confirm_an_alarm_suspend_the_agency_until_thirty_good_leads(alarmed, staff, api, buyer, run_jobs):
    jobs.draw_audits()
    for number, call in enumerate(staff.get("/lead-audits", limit=50)["items"]):
        staff.post(f"/lead-audits/{call['id']}/result", {"finding": "did_not_ask" if number < 6 else "asked"})
    run_jobs()
    session().expire_all()
    assert org(alarmed).grade == "F"
    assert sum(bool(fact.fault) for fact in facts_of(alarmed.id)) == 13
    held = put_on_sale(alarmed.api, count=31)
    assert api(buyer).post("/orders", purchase(held[0])).status == 409
    jobs.draw_audits()
    waiting = staff.get("/lead-audits", limit=50)["items"]
    assert [call["order_id"] for call in waiting] == [None] * 30
    for call in waiting:
        staff.post(f"/lead-audits/{call['id']}/result", {"finding": "asked"})
    run_jobs()
    session().expire_all()
    assert org(alarmed).grade == "E"
    assert api(buyer).post("/orders", purchase(held[0])).status == 201


def test_an_agency_appeals_once_and_staff_answer(alarmed, staff, api):
    mine = alarmed.api.get("/alarms")["items"][0]
    words = {"statement": "The form was under attack for a day; it is closed now."}
    assert api(make_person("agency")).post(f"/alarms/{mine['id']}/appeals", words).status == 404
    assert alarmed.api.post(f"/alarms/{mine['id']}/appeals", words)["appeal"] == words["statement"]
    assert alarmed.api.post(f"/alarms/{mine['id']}/appeals", words).code == "already_appealed"
    answer = {"is_right": True, "reasoning": "The attack is in the logs."}
    assert staff.post(f"/alarms/{mine['id']}/answers", answer)["state"] == "ended"
    assert staff.post(f"/alarms/{mine['id']}/answers", answer).code == "no_alarm"


def test_a_call_opens_the_contact_while_it_is_to_be_made_and_no_longer(facts, staff, api, night):
    with transaction():
        session().execute(text("UPDATE organisations SET grade = 'F' WHERE id = :id"), {"id": facts.id})
    facts.sold(1, drawn=False)
    jobs.draw_audits()
    (call,) = staff.get("/lead-audits")["items"]
    assert (call["why"], call["rate_bp"]) == ("sample", 10_000)
    path = f"/lead-audits/{call['id']}"
    opened = staff.post(f"{path}/contact")
    assert opened["contact"]["first_name"] == "Maria"
    assert session().scalar(text("SELECT count(*) FROM contact_reads")) == 1
    assert facts.api.post(f"{path}/contact").status == 403
    assert staff.post(f"{path}/result", {"finding": "wrong_person", "note": "A bakery."})["state"] == "failed"
    assert staff.post(f"{path}/contact").code == "audit_done"
    assert staff.post(f"{path}/result", {"finding": "wrong_person"}).status == 201
    assert staff.post(f"{path}/result", {"finding": "asked"}).code == "audit_done"
    (fact,) = facts_of(facts.id)
    assert (fact.fault, fact.fault_reason) == (True, "audit_wrong_person")
    assert session().scalar(text("SELECT count(*) FROM call_rights")) == 0


def test_who_wants_no_more_calls_is_not_called(facts, staff):
    with transaction():
        session().execute(text("UPDATE organisations SET grade = 'F' WHERE id = :id"), {"id": facts.id})
        address = session().scalar(text("SELECT digest FROM lead_keys WHERE kind = 'email'"))
    facts.sold(2, drawn=False)
    jobs.draw_audits()
    first, second = (f"/lead-audits/{call['id']}" for call in staff.get("/lead-audits")["items"])
    assert staff.post(f"{first}/contact").status == 200
    with transaction():
        leads.stop_person(address)
    assert staff.post(f"{second}/contact").code == "left_alone"
    jobs.leave_alone(subject_id="")
    assert staff.post(f"{first}/contact").code == "audit_done"
    ended = staff.get("/lead-audits", state="unreachable")["items"]
    assert [call["finding"] for call in ended] == ["stopped"] * 2
    facts.sold(3, drawn=False)
    with transaction():
        agencies.alarms.ring(facts.id, "search", level=5.0, expected=0.05, leads=40)
    jobs.draw_audits()
    assert staff.get("/lead-audits")["items"] == []
    assert session().scalar(text("SELECT count(*) FROM call_rights")) == 0


def test_the_lot_is_cast_once_for_each_lead_at_the_rate_of_the_grade(facts):
    facts.sold(400, drawn=False)
    for _time in range(2):
        jobs.draw_audits()
    drawn = session().scalars(select(LeadAudit)).all()
    assert {audit.rate_bp for audit in drawn} == {3_000}
    assert 75 <= len(drawn) <= 165  # 120 of 400, with less than one chance in a million to be outside
    assert session().scalar(text("SELECT count(*) FROM sold_leads WHERE NOT drawn")) == 0


def test_neither_old_leads_nor_known_faults_are_called_and_the_faults_count(facts, staff, app):
    with transaction():
        session().execute(text("UPDATE organisations SET grade = 'F' WHERE id = :id"), {"id": facts.id})
    facts.sold(5, age=20, drawn=False)
    facts.sold(5, 5, drawn=False)
    jobs.draw_audits()
    assert staff.get("/lead-audits")["items"] == []
    known = staff.get("/lead-audits", state="failed")["items"]
    assert [(call["finding"], call["rate_bp"], call["why"]) for call in known] == [("known", 10_000, "sample")] * 5
    refused = staff.post(f"/lead-audits/{known[0]['id']}/result", {"finding": "known"})
    assert refused.status == 422
    reader = Reader(Visitor(app, app.response_class, use_cookies=True))
    reader.sign_in(make_person("staff"))
    page = reader.get(f"/admin/calls/{known[0]['id']}")
    assert "Known from a dispute" in page.words
    assert "Propose to take the money back" not in page.words


def test_a_known_fault_weighs_as_much_as_the_calls_that_came_to_an_end(facts, staff, run_jobs):
    run_jobs()
    with transaction():
        session().execute(text("UPDATE organisations SET grade = 'F' WHERE id = :id"), {"id": facts.id})
    facts.sold(10, 5, drawn=False)
    jobs.draw_audits()
    assert [table.source for table in calibration_tables()] == ["windows", "windows"]  # faults alone are no share
    call, *_others = staff.get("/lead-audits")["items"]
    staff.post(f"/lead-audits/{call['id']}/result", {"finding": "asked"})
    audits = calibration_tables()[0]
    (line,) = [line.found for line in audits.lines if line.found.count]
    assert (audits.source, audits.rows, audits.came, line.came) == ("audits", 6, 1, pytest.approx(0.5))


def test_rules_of_alarms():
    assert is_confirmed(3, 20, 0.04)
    assert not is_confirmed(2, 20, 0.04)
    assert not is_confirmed(0, 20, 0.0)
    assert is_confirmed(2, 2, 0.04)
    assert not is_confirmed(1, 1, 0.04)  # the word of one
    assert at_least(0, 5, 0.3) == pytest.approx(1)
    assert [in_a_row(each) for each in ([], [True, True], [True, False, True])] == [0, 2, 1]
    a, b, c, d, e = (UUID(int=number) for number in range(1, 6))
    assert groups([(a, b, "card"), (c, b, "person"), (d, e, "bank")]) == {a: a, b: a, c: a, d: d, e: d}
