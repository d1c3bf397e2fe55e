"""How far a person is: by rules over need, wish and ability, each with what shows it, and with its history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.checks import Flag, Qualification, qualify
from marketplace.kit.db import session, transaction
from marketplace.leads import Lead, history_of
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.running import run_jobs
from tests.factories.story import buy, put_on_sale

#: of a lecture: A watched and has no time, B hesitates, C is ready
A = {"subject": "the lecture on marketing", "start": "later"}
B = {"subject": "the course on marketing", "start": "6_months", "budget": 1_500}
C = {"subject": "the course on marketing", "start": "now", "budget": 1_500}


@pytest.fixture
def agency(app, api):
    return api(make_person("agency"))


def test_the_story_of_the_lecture(agency, api):
    ids = put_on_sale(agency, *(make_lead(answers=answers) for answers in (A, B, C)))
    assert [agency.get(f"/leads/{lead_id}")["qualification"] for lead_id in ids] == ["IQL", "MQL", "SQL"]
    buyer = api(make_person("buyer"))
    assert [item["id"] for item in buyer.get("/catalog/leads", qualification="sql")["items"]] == [ids[2]]
    assert buyer.get("/catalog/facets")["qualification"] == {"IQL": 1, "MQL": 1, "SQL": 1}


@given(st.dictionaries(st.sampled_from(list(Flag)), st.sampled_from([True, False, None])))
def test_sales_qualified_needs_all_three_and_what_is_not_known_shows_nothing(known):
    found = qualify({flag: {"shown": shown} for flag, shown in known.items()})
    assert (found is Qualification.SQL) == all(known.get(flag) is True for flag in Flag)
    if known.get(Flag.NEED) is not True:
        assert found is Qualification.IQL


def test_an_agency_that_finds_out_more_moves_the_lead_and_the_way_is_kept(agency):
    (lead_id,) = put_on_sale(agency, make_lead(answers=A))
    moved = agency.post(f"/leads/{lead_id}/qualifications", {"wish": True, "by": "manager"})
    assert (moved.status, moved["qualification"]) == (200, "MQL")
    assert agency.post(f"/leads/{lead_id}/qualifications", {"ability": True, "by": "quiz"})["qualification"] == "SQL"
    again = agency.post(f"/leads/{lead_id}/qualifications", {"ability": True, "by": "quiz"})
    assert again["qualification"] == "SQL"
    with transaction():
        steps = history_of(session().get_one(Lead, lead_id))
        assert [(step.was, step.now, step.by) for step in steps] == [("IQL", "MQL", "manager"), ("MQL", "SQL", "quiz")]


def test_what_was_bought_keeps_its_class(app, agency, api):
    (lead_id,) = put_on_sale(agency, make_lead(answers=A))
    person = make_person("buyer")
    fund(person.who, 5_000)
    buy(api(person), lead_id)
    refused = agency.post(f"/leads/{lead_id}/qualifications", {"wish": True, "by": "manager"})
    assert refused.status == 409


@pytest.mark.parametrize(
    "found", [{"by": "manager"}, {"need": True}, {"need": True, "by": "magic"}, {"need": "perhaps"}]
)
def test_what_says_nothing_is_refused(agency, found):
    (lead_id,) = put_on_sale(agency, make_lead())
    assert agency.post(f"/leads/{lead_id}/qualifications", found).status == 422


def test_strangers_find_no_lead(agency, api):
    (lead_id,) = put_on_sale(agency, make_lead())
    stranger = api(make_person("agency"))
    assert stranger.post(f"/leads/{lead_id}/qualifications", {"need": True, "by": "quiz"}).status == 404


def test_it_is_scored_anew(app, agency, api):
    (lead_id,) = put_on_sale(agency, make_lead(answers=A))
    run_jobs(app)
    agency.post(f"/leads/{lead_id}/qualifications", {"wish": True, "by": "behaviour"})
    reader = api(make_person("buyer"))
    assert reader.get(f"/catalog/leads/{lead_id}")["p_real"] is None
    run_jobs(app)
    assert reader.get(f"/catalog/leads/{lead_id}")["p_real"] is not None
