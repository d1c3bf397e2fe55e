"""Disputed leads by the dozen, for trying the desk of those who decide: bought, disputed and answered by own acts."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from marketplace import catalog, disputes, leads, orders
from marketplace.demo.cards import top_up
from marketplace.demo.invented import leads as invented
from marketplace.disputes import Reason
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.money import Money
from marketplace.orders import outcomes
from marketplace.people import Who, queries

_AGENCY, _BUYER = "agency2@demo.test", "buyer2@demo.test"
_PRICES = (8_00, 14_00, 24_00)
_LEAST_TOP_UP = 100_00
_SAID: tuple[tuple[Reason, str, str], ...] = (
    (Reason.NOT_REQUESTED, "She says that she wanted a voucher and never asked for a course.", "She ticked the box."),
    (Reason.BOT, "Eleven fields in two seconds, and the answers make no sense.", "Our form has a time check."),
    (Reason.WRONG_PERSON, "A man answered who has never heard of her.", "The number is as she typed it."),
    (Reason.INVALID_PHONE, "The network says that the number is not in service.", "It rang when we called."),
    (Reason.HIRED, "He was paid by an app to fill in the form.", "There is no incentive on our page."),
    (Reason.COMPETITOR, "The address belongs to another school.", "We cannot know where people work."),
    (Reason.OUTSIDE_CRITERIA, "He lives abroad; the listing promises one state.", "He gave an address in it."),
)


def make_cases(count: int) -> int:
    """Open so many disputes and have them answered; how many of them people have to decide."""
    agency, buyer = (_who(email) for email in (_AGENCY, _BUYER))
    top_up(buyer, Money(max(_LEAST_TOP_UP, count * max(_PRICES)), "USD"))
    bought = [each for price in _PRICES for each in _bought(agency, buyer, price, -(-count // len(_PRICES)))]
    for number, (order_id, said) in enumerate(zip(islice(bought, count), cycle(_SAID), strict=False)):
        with transaction():
            _case(agency, buyer, order_id, said, was_reached=number % 4 == 0)
    return len(bought[:count])


def _who(email: str) -> Who:
    with transaction():
        return queries.who_of_address(email)


def _bought(agency: Who, buyer: Who, price: int, count: int) -> Iterator[UUID]:
    with transaction():
        listing = catalog.create(agency, _offer(price))
        catalog.move(agency, listing.id, catalog.ListingState.ACTIVE)
        sent = leads.receive(listing, list(_with_live_phones(price, count)), by=agency)
        yield from [orders.place(buyer, each.lead_id, Money(price, "USD")) for each in sent if each.lead_id]


def _with_live_phones(seed: int, count: int) -> Iterator[Any]:
    """A line that ends in 0 is dead here, and decides by itself."""
    people = invented("education", 3 * count, clock.now(), seed)
    yield from islice((each for each in people if not str(each.get("phone", "0")).endswith("0")), count)


def _offer(price: int) -> dict[str, Any]:
    return {
        "vertical": "education",
        "title": f"Courses to be argued about, {price // 100} dollars",
        "kind": "targeted",
        "pricing": "per_lead",
        "price_cents": price,
        "currency": "USD",
        "exclusivity": "exclusive",
        "max_buyers": 1,
        "window_days": 7,
        "default_country": "US",
        "temperature": "warm",
        "origin": "landing_page",
        "incentive": "",
    }


def _case(agency: Who, buyer: Who, order_id: UUID, said: tuple[Reason, str, str], *, was_reached: bool) -> None:
    reason, complaint, answer = said
    if was_reached:
        outcomes.report(buyer, order_id, outcomes.Told(outcomes.Stage.CONTACTED), via="page")
    dispute = disputes.open_dispute(buyer, order_id, reason, complaint)
    disputes.answer(agency, dispute.id, answer)
