"""A buyer's CRM delivers outcomes: an address made on a page, stages of its own, what comes again changes nothing."""

import html
import logging
import re
from uuid import uuid4

import pytest
from sqlalchemy import text

from marketplace.kit.db import session, transaction
from tests.factories.api import Answer
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale

PAGE = "/orders/outcomes/hook"


@pytest.fixture
def people(app):
    people = {kind: make_person(kind) for kind in ("agency", "buyer")}
    fund(people["buyer"].who, 100_000)
    return people


@pytest.fixture
def reader(people, visit):
    return visit(people["buyer"])


@pytest.fixture
def order(people, api):
    (lead_id,) = put_on_sale(api(people["agency"]), make_lead())
    return buy(api(people["buyer"]), lead_id)


@pytest.fixture
def address(reader):
    return made(reader)


@pytest.fixture
def deliver(client):
    """Send rows to an address, as a CRM without a key does."""

    def deliver(address, *rows):
        response = client.post(address, json=list(rows) if len(rows) != 1 else rows[0])
        return Answer(response.status_code, response.get_json(), response.headers, response.get_data())

    return deliver


def made(reader):
    page = reader.post(PAGE, key=str(uuid4()))
    assert page.status == 200
    return html.unescape(re.search(r"http://127\.0\.0\.1(/api/v1/hooks/flh_[^/]+/outcomes)", page.text)[1])


def stages(people, api, order):
    return [each["stage"] for each in api(people["buyer"]).get(f"/orders/{order}/outcomes")["items"]][::-1]


def test_a_deal_that_moves_in_the_crm_is_told_once(people, api, reader, order, address, deliver):
    reader.post(f"{PAGE}/stages", contacted="appointmentscheduled", won="closedwon, Won deal", ignored="new")
    won = {"eventId": 817, "fairlead_order_id": order, "dealstage": "closedwon", "amount": "1200.50",
           "properties": {"closed_lost_reason": ""}}  # fmt: skip
    moved = {"eventId": 816, "fairlead_order_id": order, "propertyValue": "AppointmentScheduled"}
    first = deliver(address, moved, won, {"eventId": 815, "order_id": order, "stage": "new"})
    assert (first.status, [each["status"] for each in first["items"]]) == (201, ["accepted", "accepted", "ignored"])
    again = deliver(address, won, moved)
    assert [each["outcome_id"] for each in again["items"]] == [first["items"][place]["outcome_id"] for place in (1, 0)]
    assert stages(people, api, order) == ["contacted", "won"]
    told = api(people["buyer"]).get(f"/orders/{order}/outcomes")["items"][0]
    assert told["amount"] == {"amount": 120_050, "currency": "USD"}
    other = deliver(address, {**won, "amount": "9000"})
    assert (other.status, other["items"][0]["reasons"][0]["code"]) == (200, "event_differs")
    assert "Last delivery" in reader.get(PAGE).words


def test_each_row_has_its_own_result_and_a_refused_one_can_be_sent_again(people, api, reader, order, address, deliver):
    bad = {"event_id": "a", "order_id": order, "stage": "Closed Won"}
    rows = [bad, bad, {"order_id": str(uuid4()), "stage": "won"}, {"order_id": order, "stage": "contacted", "at": 1e30}]
    found = deliver(address, *rows)
    codes = [each["reasons"][0]["code"] for each in found["items"]]
    assert (found.status, codes) == (200, ["stage_unknown", "stage_unknown", "not_found", "invalid"])
    reader.post(f"{PAGE}/stages", won="closed won")
    twins = deliver(address, bad, bad)
    assert {each["outcome_id"] for each in twins["items"]} == {twins["items"][0]["outcome_id"]}
    assert stages(people, api, order) == ["won"]


def test_nothing_that_a_crm_sends_breaks_it(order, address, deliver):
    odd = [True, [], {}, {"a": []}, -1, 1e308, "9" * 5000, "1e999", "NaN", "\ud800", "a\x00b", "’" * 600]
    names = ("event_id", "order_id", "lead_id", "stage", "at", "amount", "currency", "reason", "properties")
    rows = [{"order_id": order, "stage": "contacted", name: value} for name in names for value in odd]
    found = deliver(address, *rows)
    assert found.status in (200, 201, 422), found.text
    assert len(found["items"]) == len(rows)
    assert deliver(address, "text", None, 5, []).status in (200, 422)


def test_a_word_that_stands_twice_is_refused_and_kept_in_the_form(reader, address):
    page = reader.post(f"{PAGE}/stages", won="closed", lost="Closed")
    assert (page.status, "“closed” is there twice" in page.words, page.value_of("won")) == (422, True, "closed")


def test_another_address_ends_the_one_before_and_revoked_lets_nothing_in(reader, order, address, deliver):
    row = {"order_id": order, "stage": "contacted"}
    assert "flh_" in reader.get(PAGE).words
    key = str(uuid4())
    assert reader.post(PAGE, key=key).status == 200
    assert "made a moment ago" in reader.follow(reader.post(PAGE, key=key)).words
    assert (deliver(address, row).status, deliver(address, row).code) == (404, "hook_unknown")
    newest = made(reader)
    assert deliver(newest, row).status == 201
    reader.post(f"{PAGE}/revocation")
    assert deliver(newest, row).code == "hook_unknown"
    assert "It was revoked" in reader.get(PAGE).words


def test_it_lets_only_the_buyer_s_own_outcomes_in(people, api, visit, order, deliver):
    other = make_person("buyer")
    row = {"order_id": order, "stage": "contacted"}
    assert deliver(made(visit(other)), row)["items"][0]["reasons"][0]["code"] == "not_found"
    address = made(visit(people["buyer"]))
    token = address.split("/")[4]
    for path in ("/orders", "/wallet"):
        assert api(None).send("GET", path, token).status == 401
    assert visit(people["agency"]).get(PAGE).status == 403
    assert visit(make_person("buyer", role="member", org_id=people["buyer"].org_id)).post(PAGE).status == 403


def test_who_may_not_report_any_more_lets_nothing_in_and_the_page_says_so(people, visit, order, address, deliver):
    other = visit(make_person("buyer", org_id=people["buyer"].org_id))
    assert "works" in other.get(PAGE).words
    with transaction():
        mine = {"id": people["buyer"].who.user_id}
        session().execute(text("UPDATE memberships SET role = 'finance' WHERE user_id = :id"), mine)
    assert deliver(address, {"order_id": order, "stage": "contacted"}).code == "hook_unknown"
    page = other.get(PAGE).words
    assert ("works" in page, "The person who made it has left, or may no longer report outcomes" in page) == (
        False,
        True,
    )
    made(other)
    assert "works" in other.get(PAGE).words


def test_the_secret_stands_in_no_log_and_no_row(reader, order, address, deliver, caplog):
    secret = address.split("/")[4]
    with caplog.at_level(logging.INFO):
        deliver(address, {"order_id": order, "stage": "contacted"})
    assert secret not in caplog.text
    rows = session().execute(text("SELECT row_to_json(h)::text FROM outcome_hooks h")).scalars().all()
    assert secret not in str(rows)
    assert session().execute(text("SELECT data::text FROM events WHERE name = 'outcome_hook.made'")).scalar() == "{}"


def test_whoever_guesses_addresses_leaves_one_row_and_keeps_nobody_out(deliver, address, order):
    for number in range(70):
        deliver(f"/api/v1/hooks/flh_{number}/outcomes", {"order_id": order, "stage": "contacted"})
    subjects = session().execute(text("SELECT subject FROM tries WHERE subject LIKE 'outcome_hook%'")).scalars().all()
    assert [each.partition(":")[0] for each in subjects] == ["outcome_hook_guess"]
    assert deliver(address, {"order_id": order, "stage": "contacted"}).status == 201


def test_whoever_guesses_addresses_waits(deliver):
    answers = [deliver(f"/api/v1/hooks/flh_{place}/outcomes", {}).status for place in range(62)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_a_retry_without_id_and_time_is_no_second_sale(people, api, order, address, deliver, later):
    won = {"order_id": order, "stage": "won", "amount": "1200.50"}
    first = deliver(address, won)["items"][0]
    later(minutes=3)
    again = deliver(address, won, won)["items"]
    assert [(each["status"], each["outcome_id"]) for each in again] == [("accepted", first["outcome_id"])] * 2
    assert stages(people, api, order) == ["won"]
    deliver(address, {**won, "amount": "80"})
    deliver(address, {**won, "amount": "80", "event_id": "a further sale"})
    assert stages(people, api, order) == ["won"] * 3
    for day in (20, 21):
        deliver(address, {"order_id": order, "stage": "lost"}, {"order_id": order, "stage": "lost"})
        deliver(address, {"order_id": order, "stage": "deferred", "remind_on": f"2027-01-{day}"})
    assert stages(people, api, order)[3:] == ["lost", "deferred", "lost", "deferred"]


def test_what_was_passed_over_counts_once_its_stage_is_mapped(people, api, reader, order, address, deliver):
    reader.post(f"{PAGE}/stages", ignored="closedwon")
    won = {"eventId": 1, "order_id": order, "stage": "closedwon"}
    assert [each["status"] for each in deliver(address, won, won)["items"]] == ["ignored", "ignored"]
    mixed = deliver(address, {**won, "eventId": 9}, {"eventId": 9, "order_id": order, "stage": "contacted"})["items"]
    assert [each["status"] for each in mixed] == ["ignored", "accepted"]
    reader.post(f"{PAGE}/stages", won="closedwon")
    assert deliver(address, won)["items"][0]["status"] == "accepted"
    assert stages(people, api, order) == ["contacted", "won"]


def test_an_event_of_hubspot_is_known_by_its_id_and_its_object(people, api, order, address, deliver):
    rows = [{"eventId": 5, "objectId": deal, "order_id": order, "stage": stage}
            for deal, stage in ((71, "contacted"), (72, "qualified"))]  # fmt: skip
    first = deliver(address, *rows)["items"]
    again = deliver(address, *reversed(rows))["items"]
    assert [each["outcome_id"] for each in again] == [each["outcome_id"] for each in reversed(first)]
    assert stages(people, api, order) == ["contacted", "qualified"]
    other = deliver(address, {**rows[0], "stage": "lost"})["items"][0]
    assert other["reasons"][0]["code"] == "event_differs"


def test_deliveries_are_forgotten_after_ninety_days(order, address, deliver, later):
    deliver(address, {"event_id": "old", "order_id": order, "stage": "contacted"})
    later(days=60)
    deliver(address, {"event_id": "new", "order_id": order, "stage": "qualified"})
    later(days=31)
    assert session().execute(text("SELECT event_id FROM hook_events")).scalars().all() == ["new"]


def test_an_address_is_not_made_anew_again_and_again(reader):
    assert {reader.post(PAGE, key=str(uuid4())).status for _time in range(10)} == {200}
    assert reader.post(PAGE, key=str(uuid4())).status == 429
