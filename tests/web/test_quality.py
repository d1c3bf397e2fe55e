"""An agency understands from its page why it has its grade and what makes a better one; buyers read the same."""

import re
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import update

from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.people import Organisation
from marketplace.quality import jobs
from marketplace.quality.facts import LeadAudit
from tests.factories.facts import Facts, add_calls, drawn_calls, facts_of, ringing
from tests.factories.people import make_person


@pytest.fixture
def facts(app, api):
    return Facts(api)


@pytest.fixture
def night(clock, run_jobs):
    def night():
        clock.advance(days=1)
        jobs.rate_night()
        run_jobs()

    return night


@pytest.fixture
def staff(app, visit):
    return visit(make_person("staff"))


def test_an_agency_reads_why_it_is_a_b_and_what_makes_it_an_a(facts, night, visit):
    facts.sold(160, 3, won=20)
    facts.sold(40, 9, channel="popup")
    night()
    night()
    page = visit(facts.agency).get("/quality")
    for words in (
        "What would raise it to A",
        "Pop-up: 9 of 12 faults, from 40 of 200 leads",
        "Fix or stop Pop-up",
        "good leads",
        "80 percent between",
        "200 matured leads, 12 faults, 6 unlinked buyers",
        "How the score is calculated",
        "× expected",
        "Show the table",
        "Level at",
        "Leads already sold keep their terms",
    ):
        assert words in page.text, words
    assert "polyline" in page.text


def test_the_page_of_an_agency_without_a_record_says_what_is_missing(facts, visit, night):
    page = visit(facts.agency).get("/quality")
    assert "A grade needs at least 10 matured leads sold to 3 unlinked buyers" in page.text
    assert page.words.count("Not rated yet") == 1
    assert "What the score means" in page.words
    assert visit(make_person("buyer")).get(f"/agencies/{facts.id}").words.count("Not rated yet") == 1
    facts.sold(4)
    night()
    newcomer = visit(facts.agency).get("/quality")
    assert "6 more matured leads are needed" in newcomer.text
    assert "What you need for a first grade: " in newcomer.words
    assert "A grade needs at least 10 matured leads sold to 3 unlinked buyers." in newcomer.words
    bands = re.findall(r'class="bd" x="([\d.]+)%" y="3" width="([\d.]+)%"', newcomer.text)
    assert bands
    assert max(float(at) + float(width) for at, width in bands) <= 100, "what is off the scale stands at its end"


def test_buyers_and_staff_read_it_and_no_other_agency(facts, night, visit, staff):
    facts.sold(60, 2)
    night()
    path = f"/agencies/{facts.id}"
    seen = visit(make_person("buyer")).get(path)
    assert "60 matured leads, 2 faults" in seen.text
    assert "Recent faults" not in seen.text
    assert "Alarms" not in seen.text
    assert "Alarms" in staff.get(path).text
    assert visit(make_person("agency")).get(path).status == 404
    assert visit(facts.agency).get(path).status == 303
    assert visit(make_person("buyer")).get("/quality").status == 404


def test_an_alarm_is_said_plainly_and_can_be_objected_to(facts, visit, staff, run_jobs):
    alarm_id = ringing(facts.id, 1)[0]
    with transaction():
        found = session().get(Organisation, facts.id)
        name = found.name
    reader = visit(facts.agency)
    assert "are held until we know. An alarm alone does not lower your score." in reader.get("/quality").text
    assert "Nobody has been reached so far" in reader.get("/quality").words
    assert name in staff.get("/admin/ratings").text
    refused = reader.post(f"/quality/alarms/{alarm_id}/appeal", statement="oops")
    assert (refused.status, refused.value_of("statement")) == (422, "oops")
    assert reader.post(f"/quality/alarms/{alarm_id}/appeal", statement="We were attacked for a day.").status == 303
    assert "We were attacked for a day." in staff.get(f"/agencies/{facts.id}").text
    short = staff.post(f"/admin/ratings/alarms/{alarm_id}/answer", is_right="true", reasoning="Hm")
    again = staff.follow(short)
    assert (again.value_of("reasoning"), "Give a reason (5 to 500 characters)." in again.words) == ("Hm", True)
    assert staff.get(f"/agencies/{facts.id}").value_of("reasoning") == ""
    answer = {"is_right": "true", "reasoning": "The attack is in the logs."}
    assert staff.post(f"/admin/ratings/alarms/{alarm_id}/answer", **answer).status == 303
    assert "Alarm on" not in reader.get("/quality").text


def test_staff_read_of_an_alarm_who_was_reached_apart_from_what_was_known(facts, staff):
    ringing(facts.id, 1)
    facts.sold(3, channel="channel-0")
    calls = add_calls([each for each in facts_of(facts.id) if each.channel == "channel-0"])
    with transaction():
        session().execute(
            update(LeadAudit).values(why="alarm", state="failed", finding="known", decided_at=product_clock.now())
        )
        one = LeadAudit.id == UUID(calls[0])
        session().execute(update(LeadAudit).where(one).values(finding="did_not_ask"))
    assert "1 1 had not asked 2 known bad" in staff.get("/admin/ratings").words


def test_staff_call_open_the_contact_and_write_down_what_it_showed(facts, staff, visit):
    facts.sold(3)
    first, *_others = drawn_calls(facts.id, 2)
    assert staff.get("/admin/calls").text.count("/admin/calls/") >= 2
    page = staff.get(f"/admin/calls/{first}")
    assert "Open the contact" in page.text
    assert "Sandoval" not in page.text
    assert "Maria Sandoval" in staff.post(f"/admin/calls/{first}/contact").text
    unsaid = staff.post(f"/admin/calls/{first}/result", finding="", note="She was at work.")
    assert (unsaid.status, unsaid.value_of("note")) == (422, "She was at work.")
    assert "Choose what the call showed." in unsaid.words
    assert staff.post(f"/admin/calls/{first}/result", finding="did_not_ask", note="Never heard of it.").status == 303
    made = staff.get(f"/admin/calls/{first}").text
    assert "It counts as a fault of the agency" in made
    assert "Never heard of it." in made
    (way,) = re.findall(r'href="(/admin/money/corrections[^"]+)"', made)
    form = staff.get(unescape(way)).text
    assert re.search(r'<option value="claw_back" selected', form)
    assert re.search(r'name="about"[^>]+value="[0-9a-f-]{36}"', form)
    assert staff.post(f"/admin/calls/{first}/contact").status == 409
    assert first in staff.get("/admin/calls?state=failed").text
    assert visit(facts.agency).get("/admin/calls").status == 404
    assert "0 had asked, 1 had not" in visit(facts.agency).get("/quality").text
