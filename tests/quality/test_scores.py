"""Leads are scored when they come in: what is found counts, what is shown can be counted again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from marketplace.checks import DATA_CENTRES
from marketplace.kit import clock, ip_places
from marketplace.kit.db import session, transaction
from marketplace.leads.jobs import forget_traces
from marketplace.leads.traces import LeadTrace
from marketplace.quality import scores
from marketplace.quality.agencies.models import AgencyRating, RatingNight
from marketplace.quality.measures import expit
from marketplace.quality.scores import LeadScore, ScoreModel
from marketplace.quality.scores.serving import Serving, fraud_model
from tests.factories.addresses import AT_A_HOST, COUNTRIES, NETWORKS, NOWHERE, write_addresses
from tests.factories.leads import make_lead, somebody
from tests.factories.people import make_person
from tests.factories.running import run_jobs
from tests.factories.story import open_listing, put_on_sale

AT_HOME = {"phone": "+15124827319", "region": "TX"}
HONEST = {**AT_HOME, "user_agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0"}


@pytest.fixture
def agency(app, api):
    return api(make_person("agency"))


@pytest.fixture
def buyer(app, api):
    return api(make_person("buyer"))


def scored(app, lead_id):
    run_jobs(app)
    with transaction():
        return session().get(LeadScore, lead_id)


def signs(app, lead_id):
    return {name for name, _points in scored(app, lead_id).reasons["fraud"]}


def test_a_lead_is_scored_a_moment_after_it_came_in(app, agency, buyer):
    (lead_id,) = put_on_sale(agency, make_lead(**HONEST))
    assert buyer.get(f"/catalog/leads/{lead_id}")["p_real"] is None
    score = scored(app, lead_id)
    assert score.p_fraud == pytest.approx(0.08)
    seen = buyer.get(f"/catalog/leads/{lead_id}")
    assert (seen["p_real"], seen["p_convert"]) == (0.92, None)


def test_what_passed_and_still_counts_is_found(app, agency):
    """A role's mailbox one letter from a big domain is well-formed; the number is of another state."""
    lead = make_lead(email="info@outlok.com", phone="+12124827319", region="TX", comment="asdasdasdasdasd")
    (lead_id,) = put_on_sale(agency, lead)
    assert signs(app, lead_id) == {"email_role", "email_near_big_domain", "phone_elsewhere", "text_repeated"}


def test_a_number_of_another_country_is_a_sign_and_one_of_a_neighbouring_code_is_none(app, agency):
    abroad = make_lead(phone="+48513872946", country="US")
    jersey = make_lead(phone="+447797712345", country="GB", region="")
    first, second = put_on_sale(agency, abroad, jersey)
    assert "phone_elsewhere" in signs(app, first)
    assert "phone_elsewhere" not in signs(app, second)


def test_a_data_centre_and_a_country_that_was_not_stated_are_signs_that_never_name_the_address(
    app, agency, buyer, tmp_path
):
    countries, networks = (
        write_addresses(tmp_path / f"{name}.mmdb", records)
        for name, records in (("countries", COUNTRIES), ("networks", NETWORKS))
    )
    leads = somebody(**HONEST, ip=AT_A_HOST), somebody(**HONEST | {"phone": "+15124827320"}, ip=NOWHERE)
    ip_places.use_places(countries, networks, DATA_CENTRES)
    abroad, unlisted = put_on_sale(agency, *leads)
    assert (signs(app, abroad), signs(app, unlisted)) == ({"data_centre_ip", "ip_abroad"}, set())
    told = [agency.get(f"/leads/{abroad}"), buyer.get(f"/catalog/leads/{abroad}")]
    assert {"ip_country", "ip_network"} <= {finding["check"] for finding in told[0]["findings"]}
    assert all(AT_A_HOST not in str(each) for each in told)


def test_many_leads_of_one_connection_and_device_are_told_by_all_of_them(app, agency, api):
    def from_one(**more):
        return somebody(**AT_HOME | {"phone": None}, ip="203.0.113.7", user_agent="Mozilla/5.0 Firefox/128.0", **more)

    first, second = put_on_sale(agency, from_one(), from_one())
    elsewhere = put_on_sale(api(make_person("agency")), *(from_one() for _ in range(4)))
    assert signs(app, first) == set()
    five = put_on_sale(agency, *(from_one() for _ in range(3)))
    assert signs(app, five[-1]) == {"same_ip_often", "same_device_often"}
    assert signs(app, second) == set()  # given when there were two; it stays what it was
    assert "same_ip_often" not in signs(app, elsewhere[0])  # what others have says nothing


def test_a_text_that_was_sent_before_counts_and_a_short_one_does_not(app, agency):
    words, short = "I need a new roof before the winter, please call", "Call me"
    first, again, brief, brief_again = put_on_sale(
        agency, *(somebody(**HONEST | {"phone": None}, comment=text) for text in (words, words.upper(), short, short))
    )
    assert signs(app, again) == signs(app, first) == {"text_repeated"}
    assert signs(app, brief) == signs(app, brief_again) == set()


def test_every_score_can_be_counted_again_from_its_version_and_inputs(app, agency):
    put_on_sale(
        agency, make_lead(fill_seconds=1, email="info@gmail.com"), make_lead(), make_lead(full_name="xqzkv bbb")
    )
    run_jobs(app)
    with transaction():
        for score in session().scalars(select(LeadScore)):
            given = session().get(ScoreModel, score.fraud_model_id)
            models = Serving({None: (given.id, fraud_model(given))}, {})
            again = scores.count(score.inputs, models, "education")
            assert again["p_fraud"] == score.p_fraud
            assert again["reasons"] == score.reasons


def test_the_catalogue_filters_and_sorts_by_score(app, agency, buyer):
    listing = open_listing(agency)
    person = HONEST | {"phone": None}
    bot = {"user_agent": "python-requests/2.31", "fill_seconds": 1}
    sent = [somebody(**person), somebody(**person | bot), somebody(**person | {"fill_seconds": 1})]
    good, worst, bad = (item["id"] for item in agency.post(f"/listings/{listing}/leads", sent)["items"])
    run_jobs(app)
    put_on_sale(agency, make_lead())  # not scored yet: unknown is never passed

    def shown(**query):
        found = buyer.get("/catalog/leads", **query)
        assert found.status == 200
        return [item["id"] for item in found["items"]]

    assert shown(sort="score") == [good, bad, worst]
    assert shown(min_score=90) == shown(min_score=0.9) == [good]
    assert shown(min_score=50, sort="score") == [good, bad]
    first = buyer.get("/catalog/leads", sort="score", limit=2)
    assert shown(sort="score", limit=2, cursor=first["next_cursor"]) == [worst]
    assert buyer.get("/catalog/leads", min_score=101).status == 422


def test_a_lead_that_cannot_be_read_keeps_no_other_from_its_score(app, agency):
    (odd,) = put_on_sale(agency, make_lead())
    stored = '{"findings": [{"check": "phone", "result": "failed", "reason": "of_old", "evidence": {}}]}'
    with transaction():
        session().execute(text("UPDATE leads SET checks = :stored WHERE id = :id"), {"stored": stored, "id": odd})
    (good,) = put_on_sale(agency, make_lead())
    assert scored(app, good)
    assert scored(app, odd) is None


def test_scoring_again_changes_nothing(app, agency):
    (lead_id,) = put_on_sale(agency, make_lead())
    before = scored(app, lead_id)
    with transaction():
        assert scores.score_unscored(None) is None
    assert scored(app, lead_id).scored_at == before.scored_at


def test_the_agencys_own_record_counts_once_it_has_a_grade(app, api):
    record = {
        "night": clock.now().date(),
        "at": clock.now(),
        "score": 60,
        "expected_fault": 0.3,
        "low": 0.2,
        "high": 0.4,
    }
    record |= {"leads": 50, "faults": 15, "buyers": 9, "came": 17.7, "expected": 5.5, "usual": 0.08, "cautious": 0.4}
    points = []
    with transaction():
        session().add(
            RatingNight(
                night=record["night"], began_at=clock.now(), ended_at=clock.now(), prior_leads=1.5, expectation={}
            )
        )
    for grade in ("new", "F"):
        person = make_person("agency")
        with transaction():
            session().add(AgencyRating(agency_id=person.org_id, grade=grade, channels=[], **record))
        (lead_id,) = put_on_sale(api(person), make_lead(**HONEST))
        points.append(scored(app, lead_id).reasons["fraud"])
    assert points == [[], [["agency", pytest.approx(1.1689, abs=1e-3)]]]


def test_traces_are_forgotten_when_nothing_is_compared_with_them_any_more(app, agency):
    put_on_sale(agency, make_lead(ip="203.0.113.9"))
    for days, left in ((100, 1), (100, 0)):
        with transaction():
            clock.advance(timedelta(days=days))
        forget_traces.func()
        with transaction():
            assert session().execute(select(func.count()).select_from(LeadTrace)).scalar_one() == left


def test_by_api_the_parts_of_a_score_add_up_for_both_sides(app, agency, buyer):
    (lead_id,) = put_on_sale(agency, make_lead(**HONEST | {"fill_seconds": 1}, email="info@example.com"))
    run_jobs(app)
    told = agency.get(f"/leads/{lead_id}/score").body
    assert buyer.get(f"/catalog/leads/{lead_id}")["score"] == told
    assert {reason["code"] for reason in told["reasons"]} == {"filled_too_fast", "email_role"}
    total = told["usual"] + told["put_right"] + sum(reason["points"] for reason in told["reasons"])
    assert 1 - expit(total) == pytest.approx(told["p_real"], abs=1e-4)
    assert (told["calibrated"], told["decided"], told["p_convert"]) == (False, 0, None)
    assert buyer.get(f"/leads/{lead_id}/score").status in {403, 404}
