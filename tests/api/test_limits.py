"""What may be asked only so often."""

from sqlalchemy import select

from marketplace.kit.db import session, transaction
from marketplace.leads.models import ContactRead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale


def test_checkout_pages_are_asked_for_so_often_and_no_more(api):
    buyer, other = make_person("buyer"), make_person("buyer")
    fund(buyer.who, 200_000)
    body = {"amount": {"amount": 2_000, "currency": "USD"}}
    codes = [api(buyer).post("/wallet/top-ups", body).code for _ in range(61)]
    assert codes == ["daily_cap"] * 60 + ["rate_limited"]
    refused = api(buyer).post("/wallet/top-ups", body)
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3_600
    assert api(other).post("/wallet/top-ups", {}).status == 422


def test_each_reading_of_a_contact_is_written_down_with_who_and_by_which_way(api):
    buyer = make_person("buyer")
    fund(buyer.who, 10_000)
    (lead_id,) = put_on_sale(api(make_person("agency")))
    order = buy(api(buyer), lead_id)
    api(buyer).get("/orders")
    assert readings() == []
    for _ in range(2):
        api(buyer).get(f"/orders/{order}")
    assert readings() == [(lead_id, str(buyer.org_id), "api")] * 2


def readings():
    with transaction():
        rows = session().execute(select(ContactRead.lead_id, ContactRead.org_id, ContactRead.via))
        return [(str(row.lead_id), str(row.org_id), row.via) for row in rows]
