"""What everybody may see of the exchange: counted from what really happened, each figure with its count."""

from datetime import timedelta

import pytest

from marketplace.insights import measured
from marketplace.insights.measured.shares import median, share
from marketplace.kit.db import transaction
from marketplace.web.measured import _round_top
from tests.factories.facts import Facts
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.running import run_jobs
from tests.factories.sold import End, sell
from tests.factories.story import buy, open_dispute, put_on_sale


def count():
    with transaction():
        return measured.count_again().figures


def test_nothing_is_told_of_nothing(api, visit):
    assert api(None).get("/quality").body == {"counted_at": None, "figures": None, "books": None, "head": None}
    assert "The first count is due in a minute" in visit().get("/proof").words
    count()
    figures = api(None).get("/quality")["figures"]
    assert figures["held_up"] == {"share": None, "interval": None, "hits": 0, "count": 0}
    assert figures["decisions"]["time"] == {"median_hours": None, "interval": None, "count": 0}
    page = visit().get("/proof").words
    for words in ("nothing counted yet", "too few yet", "not yet calibrated", "bought in the last 90 days"):
        assert words in page


def test_leads_disputes_and_money_add_up(api, later, visit):
    agency, buyer, staff = make_person("agency"), make_person("buyer"), make_person("staff")
    fund(buyer.who, 100_000)
    leads = put_on_sale(api(agency), *(make_lead() for _ in range(4)))
    orders = [buy(api(buyer), lead) for lead in leads]
    for order in orders[:2]:
        dispute = open_dispute(api(buyer), order, "not_requested", "The person says that they never asked.")
        if order == orders[0]:
            verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "Believable.", "early_reason": "Clear."}
            later(hours=5)
            assert api(staff).post(f"/disputes/{dispute}/decisions", verdict).status == 201
        else:
            api(agency).post(f"/disputes/{dispute}/answers", {"concede": True})
    figures = count()
    (money,) = figures["money"]
    names = ("orders", "paid", "returned", "held", "released", "elsewhere")
    assert [money[name] for name in names] == [4, 10_000, 5_000, 5_000, 0, 0]
    assert figures["held_now"] == [{"currency": "USD", "orders": 2, "disputed": 0, "held": 5_000}]
    ways = {way["by"]: way["upheld"]["count"] for way in figures["decisions"]["ways"]}
    assert ways == {"facts": 0, "conceded": 1, "silence": 0, "person": 1, "time": 0}
    later(days=15)
    figures = count()
    (money,) = figures["money"]
    assert [money[name] for name in names] == [4, 10_000, 5_000, 0, 5_000, 0]
    assert figures["money"][0]["weeks"][0]["orders"] == 4
    assert (figures["held_up"]["hits"], figures["held_up"]["count"]) == (2, 4)
    assert (figures["disputed"]["hits"], figures["disputed"]["upheld"]) == (2, 2)
    page = visit().get("/proof").words
    for words in (
        "50.0 %",
        "of 4 leads that matured in 90 days",
        "Of $100.00 paid in 90 days",
        "50 % went to agencies",
    ):
        assert words in page
    told = api(None).get("/quality")
    assert told["figures"]["money"][0]["paid"] == 10_000


def test_what_went_back_after_the_window_went_back(api, later):
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 100_000)
    (lead,) = put_on_sale(api(agency))
    order = buy(api(buyer), lead)
    later(days=8)
    first, second = (api(make_person("staff")) for _ in range(2))
    amount = {"amount": 1_000, "currency": "USD"}
    wish = {"kind": "claw_back", "about": order, "amount": amount, "reason": "Called: never asked for it."}
    made = first.post("/proposals", wish)
    assert made.status == 201, made.body
    assert second.post(f"/proposals/{made['id']}/approval")["state"] == "approved"
    (money,) = count()["money"]
    assert (money["paid"], money["returned"], money["released"], money["elsewhere"]) == (2_500, 1_000, 1_500, 0)


def test_grades_stand_in_their_order_with_what_they_sold(api, app):
    facts = Facts(api)
    facts.sold(20, faults=1)
    by_grade = {each["grade"]: each for each in count()["grades"]}
    assert list(by_grade) == ["A", "B", "C", "new", "D", "E", "F"]
    assert by_grade["new"]["agencies"] == 1
    assert by_grade["new"]["sold"] == 20
    assert by_grade["new"]["part"] == 1.0
    assert (by_grade["new"]["faults"]["hits"], by_grade["new"]["faults"]["count"]) == (1, 20)


def test_what_was_said_against_what_came_is_shown_for_each_trade_and_each_way_of_knowing(app, api, visit):
    (pattern,) = put_on_sale(api(make_person("agency")), make_lead())
    run_jobs(app)
    called = [End(fault=number < 2, audit=400, ago_days=20) for number in range(20)]
    sell(pattern, make_person("buyer").org_id, [*called, *(End(ago_days=20) for _ in range(285))])
    count()
    page = visit().get("/proof").words
    assert ("Called 20" in page, "20 of 300 outcomes known" in page, "Log loss" in page) == (True, True, True)
    by_disputes = visit().get("/proof?trade=education&truth=windows")
    assert "Matured 305" in by_disputes.words
    assert '<option value="education" selected>' in by_disputes.text
    assert "outcomes known" not in by_disputes.words
    for path in ("/proof?trade=insurance", "/proof?truth=sales"):
        assert "No outcome of this kind is known yet" in visit().get(path).words
    for truth, are_chosen in (("audits", True), ("windows", True), ("sales", False)):
        told = visit().get(f"/proof?trade=insurance&truth={truth}").words
        assert ("the weights of the score are chosen" in told, "No chance to buy is shown" in told) == (
            are_chosen,
            not are_chosen,
        )
    assert "Called 20" in visit().get("/proof?trade=nonsense&truth=%00").words


def test_it_is_counted_again_when_ten_minutes_have_passed(app, clock):
    def is_due():
        with transaction():
            return measured.count_if_due()

    assert [is_due(), is_due()] == [True, False]
    clock.advance(minutes=11)
    assert is_due()


def test_a_share_has_its_interval_and_a_median_its_count():
    told = share(4, 129)
    assert told["share"] == pytest.approx(0.031, abs=0.0005)
    assert told["interval"] == [pytest.approx(0.0166, abs=0.0005), pytest.approx(0.0572, abs=0.0005)]
    hours = [timedelta(hours=each) for each in (19, 17, 21)]
    assert median(40, *hours) == {"median_hours": 19.0, "interval": [17.0, 21.0], "count": 40}
    assert median(4, *hours)["median_hours"] is None


@pytest.mark.parametrize(("most", "top"), [(0, 4), (1, 4), (9_000, 20_000), (11_900, 20_000), (20_001, 40_000)])
def test_a_scale_ends_at_a_round_amount(most, top):
    assert _round_top(most) == top
