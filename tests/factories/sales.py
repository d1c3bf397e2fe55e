"""Leads that are paid by the sale: their terms, one that is acquired, what is said of it."""

from collections.abc import Sequence
from typing import Any

from tests.factories.api import Answer, Api
from tests.factories.leads import make_lead, make_listing
from tests.factories.story import put_on_sale

SHARING = "The amount and the day of each sale to the person, and a copy of the invoice if asked."


def usd(cents: int) -> dict[str, Any]:
    return {"amount": cents, "currency": "USD"}


def percent(rate_bp: int = 1_200, **more: Any) -> dict[str, Any]:
    """A commission of 12 % of each sale, 100.00 of it expected: a deposit of 20.00."""
    return {
        "kind": "percent",
        "rate_bp": rate_bp,
        "expected": usd(100_00),
        "channel": "page",
        "data_sharing": SHARING,
        **more,
    }


def flat(cents: int = 100_00, **more: Any) -> dict[str, Any]:
    """A commission of 100.00 for each sale: a deposit of 20.00."""
    return {"kind": "flat", "amount": usd(cents), "channel": "api", "data_sharing": SHARING, **more}


def per_sale(commission: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The terms of a listing that is paid by the sale, as the API takes them."""
    terms = make_listing(pricing="per_sale", commission=commission or percent(), **more)
    if "price" not in more:
        terms.pop("price")
    return terms


def offer(
    agency: Api, commission: dict[str, Any] | None = None, count: int = 1, leads: Sequence[Any] = (), **more: Any
) -> list[str]:
    """Leads on sale that are paid by the sale; their ids."""
    terms = per_sale(commission, **more)
    sent = leads or [make_lead() for _ in range(count)]
    return put_on_sale(agency, *sent, **{"price": None, **terms})


def agreement(buyer: Api, lead_id: str) -> dict[str, Any]:
    """What a buyer sends to acquire a lead on the terms that it saw."""
    seen = buyer.get(f"/catalog/leads/{lead_id}")
    assert seen.status == 200, seen.body
    return {"lead_id": lead_id, "quoted_price": seen["price"], "terms_version": seen["terms_version"]}


def acquire(buyer: Api, lead_id: str) -> str:
    """Take a lead for its deposit; the order's id."""
    bought = buyer.post("/orders", agreement(buyer, lead_id))
    assert bought.status == 201, bought.body
    return bought["id"]


def report(buyer: Api, order_id: str, cents: int, **more: Any) -> Answer:
    """Tell of a sale."""
    return buyer.post(f"/orders/{order_id}/sales", {"amount": usd(cents), **more})
