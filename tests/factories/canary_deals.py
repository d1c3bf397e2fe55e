"""Leads of the canaries' world that are paid by the sale: one for each thing that pages and API do with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.factories.api import Api
from tests.factories.sales import acquire, flat, offer, report

#: of the orders, by what has been said of each; the first two have nothing said yet
ACQUIRED, CLAIMED, AUDITED = (0, 1), (2, 3), (4,)


@dataclass(frozen=True)
class Deals:
    """The orders, and of further orders the sales: two that wait for an answer, one agreed, one contested."""

    orders: list[str]
    sales: list[str]


def make_deals(agency: Api, buyer: Api, leads: list[Mapping[str, Any]]) -> Deals:
    """Nine leads, acquired; five of them without a sale."""
    found = offer(agency, flat(30_00), leads=leads)
    orders = [acquire(buyer, lead) for lead in found]
    for number in (*CLAIMED, *AUDITED):
        buyer.post(f"/orders/{orders[number]}/no-sale", {"reason": "price"})
    agency.post(f"/orders/{orders[AUDITED[0]]}/no-sale/contests", {"statement": "There was one."})
    sales = [report(buyer, order, 100_00)["id"] for order in orders[5:]]
    agency.post(f"/sales/{sales[2]}/answers", {"accept": True})
    agency.post(f"/sales/{sales[3]}/answers", {"accept": False, "statement": "It was more."})
    return Deals(orders[:5], sales)
