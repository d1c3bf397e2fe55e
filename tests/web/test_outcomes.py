"""A buyer tells what became of its leads; the agency reads stage and time, by sub-ID."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest

from marketplace.kit import clock as product_clock
from marketplace.kit.db import transaction
from marketplace.kit.paging import Ask
from marketplace.orders.outcomes import REPORTED, Stage, by_sub_id, outcomes_for
from marketplace.orders.outcomes.rules import ALLOWED
from tests.factories.leads import make_lead, shared
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.queries import listening, plan_of
from tests.factories.sales import acquire, offer
from tests.factories.story import buy, open_listing, put_on_sale


@pytest.fixture
def people(app):
    people = {kind: make_person(kind) for kind in ("agency", "buyer")}
    fund(people["buyer"].who, 100_000)
    return people


@pytest.fixture
def agency(people, api):
    return api(people["agency"])


@pytest.fixture
def script(people, api):
    return api(people["buyer"])


@pytest.fixture
def reader(people, visit):
    return visit(people["buyer"])


@pytest.fixture
def order(agency, script):
    (lead_id,) = put_on_sale(agency, make_lead(sub_id="fb-7"))
    return buy(script, lead_id)


def tell(script, order, stage, **more):
    return script.post(f"/orders/{order}/outcomes", {"stage": stage, **more})


def click(reader, order, stage, **more):
    """Press a key of the order's page, or send its form."""
    key = reader.get(f"/orders/{order}").value_of("key")
    return reader.post(f"/orders/{order}/outcome", **{"stage": stage, "key": key, **more})


def stages_of(script, order):
    return [each["stage"] for each in script.get(f"/orders/{order}/outcomes")["items"]][::-1]


def test_no_stage_leads_back_to_new_and_a_finished_sale_only_to_another():
    assert set(ALLOWED) == set(Stage)
    assert not [stage for stage in Stage if Stage.NEW in ALLOWED[stage]]
    assert ALLOWED[Stage.WON] == {Stage.WON, Stage.LOST}
    assert ALLOWED[Stage.QUALIFIED] == {Stage.WON, Stage.LOST, Stage.DEFERRED}
    assert [stage for stage in REPORTED if stage in ALLOWED[stage]] == [Stage.WON, Stage.DEFERRED]


def test_a_lead_is_contacted_qualified_won_and_won_again(script, order, clock):
    tell(script, order, "contacted")
    clock.advance(hours=2)
    tell(script, order, "qualified")
    won = tell(script, order, "won", amount={"amount": 120_000, "currency": "USD"})
    assert (won.status, won["amount"]) == (201, {"amount": 120_000, "currency": "USD"})
    again = tell(script, order, "won", amount={"amount": 5_000, "currency": "USD"}, reason="renewal")
    assert (again.status, again["reason"]) == (201, "renewal")
    assert stages_of(script, order) == ["contacted", "qualified", "won", "won"]
    back = tell(script, order, "contacted")
    assert (back.status, back.code) == (409, "outcome_not_next")
    assert [each["stage"] for each in script.get("/outcomes", stage="won")["items"]] == ["won", "won"]


def test_one_click_says_contacted_and_a_second_one_changes_nothing(reader, script, order):
    page = reader.get(f"/orders/{order}")
    assert "Not reported yet" in page.words
    said = {"stage": "contacted", "key": page.value_of("key")}
    done = reader.post(f"/orders/{order}/outcome", **said)
    assert reader.post(f"/orders/{order}/outcome", **said).location == done.location
    words = reader.follow(done).words
    assert "Noted: contacted." in words
    assert "First contact" in words
    assert "You reported: contacted" in words
    assert stages_of(script, order) == ["contacted"]


def test_a_form_about_today_sent_twice_is_one_report(reader, script, order):
    page = reader.get(f"/orders/{order}/outcome")
    form = {"key": page.value_of("key"), "at": page.value_of("at"), "stage": "contacted"}
    for _again in range(2):
        assert reader.post(f"/orders/{order}/outcome", **form).status == 303
    assert stages_of(script, order) == ["contacted"]


def test_the_first_contact_is_timed_from_the_purchase(reader, script, order, clock):
    clock.advance(hours=3)
    tell(script, order, "contacted", at=(product_clock.now() - timedelta(hours=1)).isoformat())
    assert "2 h after the purchase" in reader.get(f"/orders/{order}").words
    tell(script, order, "lost", reason="not_interested")
    assert "No longer interested" in reader.get(f"/orders/{order}").words


def test_a_form_takes_a_day_an_amount_and_a_reason(reader, script, order, clock):
    bought = product_clock.now()
    clock.advance(days=3)
    page = reader.get(f"/orders/{order}/outcome")
    assert "What became of M. S., TX 787?" in page.words
    wrong = click(reader, order, "won", amount="a lot", at=str(bought.date()))
    assert (wrong.status, wrong.value_of("amount")) == (422, "a lot")
    assert "Write the amount as a number" in wrong.words
    early = click(reader, order, "won", at=str(bought.date() - timedelta(days=1)))
    assert "before you bought the lead" in early.words
    late = click(reader, order, "won", at=str(bought.date() + timedelta(days=5)))
    assert "in the future" in late.words
    assert click(reader, order, "won", amount="1,250.50", at=str(bought.date()), words="A big roof").status == 303
    words = reader.get(f"/orders/{order}").words
    assert "$1,250.50 A big roof" in words
    refused = click(reader, order, "contacted")
    assert refused.status == 409
    assert "cannot go there" in refused.words
    (told,) = script.get(f"/orders/{order}/outcomes")["items"]
    assert told["at"] >= bought.isoformat()[:19]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"at": "2020-01-01T00:00:00Z"}, "at"),
        ({"at": "2120-01-01T00:00:00Z"}, "at"),
        ({"amount": {"amount": 100, "currency": "USD"}}, "amount"),
        ({"stage": "won", "amount": {"amount": 100, "currency": "EUR"}}, "amount"),
        ({"stage": "won", "amount": {"amount": 0, "currency": "USD"}}, "amount"),
        ({"stage": "not_interested"}, "stage"),
        ({"stage": "new"}, "stage"),
        ({"reason": "x" * 501}, "reason"),
        ({"at": "yesterday"}, "at"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(script, order, more, field):
    refused = script.post(f"/orders/{order}/outcomes", {"stage": "contacted", **more})
    assert refused.status == 422
    assert list(refused["error"]["fields"]) == [field]
    assert stages_of(script, order) == []


def test_times_do_not_run_backwards(script, order, clock):
    before = product_clock.now()
    clock.advance(hours=5)
    tell(script, order, "contacted")
    refused = tell(script, order, "qualified", at=before.isoformat())
    assert refused.status == 422
    ahead = product_clock.now() + timedelta(minutes=2)
    assert tell(script, order, "qualified", at=ahead.isoformat()).status == 201
    assert tell(script, order, "won").status == 201


def test_the_same_request_is_one_report(script, order):
    first = script.post(f"/orders/{order}/outcomes", {"stage": "deferred"}, idem="one")
    assert script.post(f"/orders/{order}/outcomes", {"stage": "deferred"}, idem="one").body == first.body
    assert stages_of(script, order) == ["deferred"]


def test_the_inbox_shows_and_filters_by_stage(reader, agency, script, order):
    (other,) = put_on_sale(agency)
    buy(script, other)
    tell(script, order, "qualified")
    page = reader.get("/orders")
    assert "qualified" in page.words
    only = reader.get("/orders?stage=qualified")
    assert only.text.count('<th scope="row"') == 1
    assert f'href="/orders/{order}"' in only.text
    assert order not in reader.get("/orders?stage=new").text
    assert f'href="/orders/{order}"' in reader.get("/orders?stage=nonsense").text
    assert "Nothing here" in reader.get("/orders?stage=won").words
    assert [each["id"] for each in script.get("/orders", stage="qualified")["items"]] == [order]
    assert [each["lead"]["id"] for each in script.get("/orders", stage="new")["items"]] == [other]


def test_the_agency_reads_stage_and_time_by_sub_id_and_no_word_more(agency, people, script, visit, order):
    tell(script, order, "won", amount={"amount": 120_000, "currency": "USD"}, reason="Wife of my dentist")
    supplier = visit(people["agency"])
    table = supplier.get("/leads/outcomes")
    assert "fb-7" in table.words
    (line,) = agency.get("/outcomes")["items"]
    assert (line["sub_id"], line["stage"], line["amount"], line["reason"]) == ("fb-7", "won", None, None)
    lead = supplier.get(f"/leads/{line['lead_id']}")
    assert "Buyer 1 reports: won" in lead.words
    for page in (table, lead):
        assert "dentist" not in page.text
        assert "1,200" not in page.text
    assert agency.get(f"/orders/{order}/outcomes")["items"][0]["reason"] is None


def test_of_many_sub_ids_those_with_the_most_sales_are_counted(agency, people, script):
    listing = open_listing(agency, **shared())
    sub_ids = ["b", "a", "b", None, "a", "b", "c"]
    sold = [sell(agency, script, listing, make_lead(sub_id=sub_id)) for sub_id in sub_ids]
    for order, stage in zip(sold, ["won", "lost", "contacted", "lost", "won"], strict=False):
        tell(script, order, stage)
    asked = []
    with transaction(), listening(asked):
        found = by_sub_id(people["agency"].who, 3)
    assert [(each.sub_id, each.sold, each.told, dict(each.stages)) for each in found] == [
        ("b", 3, 2, {"won": 1, "contacted": 1, "new": 1}),
        ("a", 2, 2, {"lost": 1, "won": 1}),
        ("", 1, 1, {"lost": 1}),
    ]
    assert [rows for rows, *_query in asked] == [3]


@pytest.mark.parametrize("kind", ["buyer", "agency"])
def test_a_list_of_outcomes_is_read_by_an_index(people, script, order, kind):
    tell(script, order, "won")
    asked = []
    with transaction():
        with listening(asked):
            assert len(outcomes_for(people[kind].who, Ask()).items) == 1
        (query,) = asked
        plan = plan_of(query)
    assert f"Index Scan Backward using ix_outcomes_{kind}_id_id on outcomes" in plan
    assert "Sort" not in plan


def sell(agency, script, listing, lead):
    return buy(script, agency.post(f"/listings/{listing}/leads", lead)["items"][0]["id"])


def test_of_a_lead_that_is_paid_by_the_sale_a_sale_is_reported_as_such(agency, script, reader):
    (lead_id,) = offer(agency)
    order = acquire(script, lead_id)
    assert tell(script, order, "contacted").status == 201
    refused = tell(script, order, "won")
    assert (refused.status, refused.code) == (409, "told_as_sale")
    assert "A sale, or that there was none, is reported as such" in reader.get(f"/orders/{order}/outcome").words


def test_a_stranger_tells_and_reads_nothing(order, api, visit, agency, people):
    stranger = make_person("buyer")
    assert tell(api(stranger), order, "contacted").status == 404
    assert api(stranger).get(f"/orders/{order}/outcomes").status == 404
    assert api(stranger).get("/outcomes")["items"] == []
    assert visit(stranger).post(f"/orders/{order}/outcome", stage="contacted", key=str(uuid4())).status == 404
    assert tell(agency, order, "contacted").status == 403
    assert api(make_person("agency")).get("/outcomes")["items"] == []
    assert "fb-7" not in visit(make_person("agency")).get("/leads/outcomes").words
    assert visit(people["buyer"]).get("/leads/outcomes").status == 403


def test_outcomes_can_be_told_whatever_became_of_the_money(script, order, later):
    later(days=8)
    assert script.get(f"/orders/{order}")["state"] == "released"
    assert tell(script, order, "won").status == 201


def csv_of(*rows):
    return "\n".join(["Order ID,Status,At,Amount,Reason", *rows]).encode()


def test_a_file_tells_of_many_and_twice_is_once(reader, agency, script, order, clock):
    (other,) = put_on_sale(agency)
    second, today = buy(script, other), product_clock.now().date()
    clock.advance(days=2)
    content = csv_of(
        f"{order},contacted,{today},,",
        f"{order},Won,{today + timedelta(days=1)},1250.50,",
        f"{second},lost,{today},,not_interested",
        f"{second},sold,{today},,",
        f"{uuid4()},won,{today},,",
        f"{second},deferred,,,",
    )
    for _again in range(2):
        page = reader.post("/orders/outcomes", file=(io.BytesIO(content), "crm.csv"))
        assert "3 rows taken, 3 not" in page.words
    assert stages_of(script, order) == ["contacted", "won"]
    assert stages_of(script, second) == ["lost"]
    assert script.get("/outcomes", stage="won")["items"][0]["amount"]["amount"] == 125_050
    empty = reader.post("/orders/outcomes", file=(io.BytesIO(b"a,b\n1,2"), "crm.csv"))
    assert (empty.status, "order_id or lead_id among them" in empty.words) == (422, True)


def test_a_program_tells_of_many_each_with_a_result(script, agency, order):
    at = product_clock.now().isoformat()
    rows = [{"order_id": order, "stage": "won", "at": at}, {"order_id": order, "stage": "won"}, "nonsense"]
    sent = script.post("/outcomes", rows)
    assert [row["status"] for row in sent["items"]] == ["accepted", "rejected", "rejected"]
    assert script.post("/outcomes", rows).body == sent.body
    assert script.post("/outcomes", {"lead_id": str(uuid4()), "stage": "won", "at": at}).status == 200
    form = {"file": (io.BytesIO(csv_of(f"{order},won,{at},,")), "crm.csv")}
    (told,) = script.post("/outcomes/files", form=form)["items"]
    assert (told["status"], told["line"], told["outcome_id"]) == ("accepted", 2, sent["items"][0]["outcome_id"])
    assert stages_of(script, order) == ["won"]
    assert agency.post("/outcomes", rows[:1]).status == 403


def test_the_same_report_with_other_content_is_refused_and_nothing_is_lost_unseen(script, order, clock):
    day = str(product_clock.now().date())
    clock.advance(days=1)
    sent = send_file(script, f"{order},won,{day},100,", f"{order},won,{day},300,", f"{order},won,{day},100,renewal")
    assert [row["status"] for row in sent] == ["accepted", "rejected", "rejected"]
    (why,) = sent[1]["reasons"]
    assert (why["code"], "with another amount or reason" in why["message"]) == ("outcome_differs", True)
    (only,) = script.get("/outcomes")["items"]
    refused = tell(script, order, "won", at=only["at"], amount={"amount": 10_001, "currency": "USD"})
    assert (refused.status, refused.code) == (409, "outcome_differs")
    assert tell(script, order, "won", at=only["at"], amount=only["amount"])["id"] == only["id"]
    assert stages_of(script, order) == ["won"]


@pytest.fixture
def afternoon(script, order, clock):
    """At three o'clock the day after the purchase the buyer said `contacted`; returns that day."""
    now = product_clock.now()
    clock.advance(seconds=(now.replace(hour=15, minute=0) + timedelta(days=1) - now).total_seconds())
    tell(script, order, "contacted")
    return product_clock.now().date()


def test_a_day_alone_may_be_the_day_of_the_last_report(reader, script, order, afternoon, clock):
    clock.advance(days=1)
    assert click(reader, order, "won", at=str(afternoon), amount="100").status == 303
    won, contacted = script.get(f"/orders/{order}/outcomes")["items"]
    assert won["at"] == contacted["at"]
    refused = click(reader, order, "lost", at=str(afternoon - timedelta(days=1)))
    assert "before what you reported last" in refused.words


@pytest.mark.parametrize("hour", ["", " 00:00", "T00:00:00"])
def test_a_file_with_days_alone_follows_what_was_clicked_on_that_day(script, order, afternoon, clock, hour):
    clock.advance(days=1)
    rows = [f"{order},{stage},{afternoon}{hour},," for stage in ("contacted", "qualified")]
    first = send_file(script, *rows)
    assert [row["status"] for row in first] == ["accepted", "accepted"]
    assert [row["outcome_id"] for row in send_file(script, *rows)] == [row["outcome_id"] for row in first]
    assert stages_of(script, order) == ["contacted", "qualified"]


def test_a_file_about_today_is_the_same_file_an_hour_later(script, order, clock):
    clock.advance(seconds=60)
    row = f"{order},deferred,{product_clock.now().date()},,"
    first = send_file(script, row)
    clock.advance(hours=1)
    assert (send_file(script, row), stages_of(script, order)) == (first, ["deferred"])


def test_by_page_two_sales_of_one_day_are_two(reader, script, order, afternoon, clock):
    clock.advance(days=2)
    for amount in ("100", "300", "300"):
        assert click(reader, order, "won", at=str(afternoon + timedelta(days=1)), amount=amount).status == 303
    assert stages_of(script, order) == ["contacted", "won", "won", "won"]


def send_file(script, *rows):
    return script.post("/outcomes/files", form={"file": (io.BytesIO(csv_of(*rows)), "crm.csv")})["items"]


def test_a_deferred_lead_is_remembered_on_its_day_once_and_not_when_it_was_taken_up_again(
    reader, script, order, later, box, agency, people
):
    tomorrow = (product_clock.now() + timedelta(days=1)).date()
    assert tell(script, order, "contacted", remind_on=tomorrow.isoformat()).status == 422
    assert tell(script, order, "deferred", remind_on=product_clock.now().date().isoformat()).status == 422
    page = click(reader, order, "deferred", remind_on="soon")
    assert page.status == 422
    assert "Choose the day." in page.words
    assert click(reader, order, "deferred", remind_on=tomorrow.isoformat()).status == 303
    assert script.get(f"/orders/{order}/outcomes")["items"][0]["remind_on"] == tomorrow.isoformat()
    assert agency.get(f"/orders/{order}/outcomes")["items"][0]["remind_on"] is None
    assert reminders(box) == 0
    later(days=1)
    assert reminders(box) == 1
    later(days=1)
    assert reminders(box) == 1
    again = (product_clock.now() + timedelta(days=5)).date()
    assert tell(script, order, "deferred", remind_on=again.isoformat()).status == 201
    assert tell(script, order, "contacted").status == 201
    later(days=6)
    assert reminders(box) == 1


def reminders(box):
    return sum("time to return to a lead" in str(letter) for letter in box.letters)


def test_first_contact_stands_beside_what_the_temperature_promises(reader, script, agency, run_jobs, clock):
    hot = [buy(script, lead) for lead in put_on_sale(agency, count=3, temperature="hot")]
    warm = [buy(script, lead) for lead in put_on_sale(agency, count=1)]
    clock.advance(minutes=30)
    tell(script, hot[0], "contacted")
    clock.advance(minutes=60)
    tell(script, hot[1], "contacted")
    run_jobs()
    (found,) = script.get("/contact-times")["items"]
    told = {name: found[name] for name in ("temperature", "promise", "leads", "kept", "late", "untold")}
    assert found["median"] == pytest.approx(3600, abs=5)
    assert told == {
        "temperature": "hot", "promise": 3600, "leads": 3, "kept": 1, "late": 1, "untold": 1,
    }  # fmt: skip
    assert found["share"]["rate"] == 0.5
    assert found["share"]["low"] < 0.5 < found["share"]["high"]
    clock.advance(hours=24)
    assert len(script.get("/contact-times")["items"]) == 2
    page = reader.get("/orders/contact-times")
    assert "How soon you call" in page.words
    assert "not known" in page.words
    assert len(warm) == 1
