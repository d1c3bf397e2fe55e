"""An agency is told of its alarms: what was seen, what is held, what comes next, how to object. Each thing once."""

import pytest

from marketplace.events import SYSTEM
from marketplace.kit.db import transaction
from marketplace.people import Grade
from marketplace.people.actions import set_grade
from marketplace.quality import jobs
from tests.factories.facts import Facts
from tests.factories.people import make_person


@pytest.fixture
def facts(app, api):
    return Facts(api)


@pytest.fixture
def staff(api):
    return api(make_person("staff"))


@pytest.fixture
def told(run_jobs, mail, facts):
    """What was written to the agency since the last time."""

    def read():
        run_jobs()
        found = [letter for letter in mail.letters if letter.to == facts.agency.email]
        mail.letters.clear()
        return found

    return read


@pytest.fixture
def rung(facts, told, clock):
    told()
    for leads, bad, channel in ((100, 0, "search"), (30, 7, "social")):
        facts.sold(leads, bad, channel=channel, age=0.1)
        clock.advance(days=1)
        jobs.rate_night()
    letters = told()
    assert [letter.subject for letter in letters] == ["An alarm about one of your channels"]
    return letters[0]


def call(staff, bad):
    jobs.draw_audits()
    for number, each in enumerate(staff.get("/lead-audits", limit=50)["items"]):
        found = "did_not_ask" if number < bad else "asked"
        assert staff.post(f"/lead-audits/{each['id']}/result", {"finding": found}).status == 201


def test_an_alarm_is_told_with_what_is_held_and_how_to_object(rung, facts, staff, told):
    assert rung.subject == "An alarm about one of your channels"
    words = " ".join(rung.text.split())
    for said in ("Channel: Social network", "are held", "We call up to 20 people", "say why on the page", "/quality"):
        assert said in words
    call(staff, bad=0)
    (letter,) = told()
    assert letter.subject == "An alarm is over"
    assert "People reached so far: 20" in letter.text


def test_a_confirmed_alarm_and_its_suspension_are_one_letter_and_so_is_their_end(rung, facts, staff, told):
    call(staff, bad=6)
    (letter,) = told()
    assert letter.subject == "An alarm is confirmed: your account is suspended"
    assert "Bad leads among them: 6" in letter.text
    whole = next(each for each in facts.api.get("/alarms")["items"] if not each["channel"])
    said = {"is_right": False, "reasoning": "The calls say otherwise."}
    staff.post(f"/alarms/{whole['id']}/answers", said)
    assert [letter.subject for letter in told()] == ["We have read why you think an alarm is wrong"]
    staff.post(f"/alarms/{whole['id']}/answers", {**said, "is_right": True})
    assert [letter.subject for letter in told()] == ["Your account is no longer suspended"]


def test_a_suspension_by_the_record_is_told_once(facts, told):
    told()
    with transaction():
        set_grade(facts.id, Grade.F, "staff", 30, by=SYSTEM)
    assert [letter.subject for letter in told()] == ["Your account is suspended"]
    assert told() == []
