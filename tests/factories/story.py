"""Steps that many stories begin with."""

from typing import Any

from tests.factories.api import Api
from tests.factories.leads import make_lead, make_listing


def open_listing(agency: Api, **terms: Any) -> str:
    """A listing that takes leads; its id."""
    told = {name: value for name, value in make_listing(**terms).items() if value is not None}
    listing = agency.post("/listings", told)
    assert listing.status == 201, listing.body
    agency.patch(f"/listings/{listing['id']}", {"state": "active"})
    return listing["id"]


def put_on_sale(agency: Api, *leads: dict[str, Any], count: int = 1, **terms: Any) -> list[str]:
    """Leads on sale in a listing of their own; their ids."""
    listing = open_listing(agency, **terms)
    sent = agency.post(f"/listings/{listing}/leads", list(leads) or [make_lead() for _ in range(count)])
    assert {item["status"] for item in sent["items"]} == {"accepted"}, sent.body
    return [item["id"] for item in sent["items"]]


def purchase(lead_id: str, cents: int = 2_500, currency: str = "USD") -> dict[str, Any]:
    """What a buyer sends to buy one lead at the price it saw."""
    return {"lead_id": lead_id, "quoted_price": {"amount": cents, "currency": currency}}


def buy(buyer: Api, lead_id: str, cents: int = 2_500) -> str:
    """Buy a lead; the order's id."""
    bought = buyer.post("/orders", purchase(lead_id, cents))
    assert bought.status == 201, bought.body
    return bought["id"]


def sold(agency: Api, buyer: Api, cents: int = 2_500, lead: dict[str, Any] | None = None, **terms: Any) -> str:
    """A lead of this agency that this buyer has bought at this price in dollars; the order's id."""
    (lead_id,) = put_on_sale(agency, lead or make_lead(), price={"amount": cents, "currency": "USD"}, **terms)
    return buy(buyer, lead_id, cents)


def open_dispute(buyer: Api, order_id: str, reason: str = "bot", statement: str = "It was a program.") -> str:
    """Say that a bought lead was bad; the dispute's id."""
    opened = buyer.post(f"/orders/{order_id}/disputes", {"reason": reason, "statement": statement})
    assert opened.status == 201, opened.body
    return opened["id"]
