"""A new agency offers its leads only while few of those that it has sold are still in their window."""

from marketplace.orders import jobs
from tests.factories.money import fund
from tests.factories.payouts import set_grade
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale


def test_a_new_agency_with_25_leads_in_their_window_offers_no_more_until_they_close(app, api, visit, clock):
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 1_000_00)
    leads = put_on_sale(api(agency), count=26)
    for lead_id in leads[:24]:
        buy(api(buyer), lead_id)
    jobs.count_unmatured()
    assert len(api(buyer).get("/catalog/leads")["items"]) == 2
    buy(api(buyer), leads[24])
    jobs.count_unmatured()
    assert api(buyer).get("/catalog/leads")["items"] == []
    assert "Your leads are not offered for a while" in visit(agency).get("/overview").words
    set_grade(agency, "C")
    jobs.count_unmatured()
    assert len(api(buyer).get("/catalog/leads")["items"]) == 1
    set_grade(agency, "new")
    jobs.count_unmatured()
    assert api(buyer).get("/catalog/leads")["items"] == []
    clock.advance(days=8)
    jobs.count_unmatured()
    assert "not offered for a while" not in visit(agency).get("/overview").words
