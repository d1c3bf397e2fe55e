"""The demo's world: organisations, listings, leads, money and a few disputes, made by the product's own acts."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import exists, select

from marketplace import billing, catalog, disputes, insights, leads, market, orders
from marketplace.demo import history
from marketplace.demo.cards import top_up
from marketplace.demo.invented import leads as invented
from marketplace.demo.people import BILLED, PASSWORD, PEOPLE, Person
from marketplace.disputes import DisputeState, Reason, Verdict
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.orders import outcomes
from marketplace.people import Organisation, User, Who, actions, queries, terms

_KEYS = "demo-keys.json"
_TOP_UP = 600_00

LISTINGS: tuple[tuple[str, str, str, int, int, int, str, int], ...] = (
    # agency, vertical, title, price, buyers, window in days, temperature, leads
    ("agency@demo.test", "education", "Career courses, asked this month", 18_00, 3, 7, "warm", 26),
    ("agency@demo.test", "home_services", "Home projects, exclusive", 46_00, 1, 7, "hot", 18),
    ("agency2@demo.test", "insurance", "Insurance quotes, exclusive", 32_50, 1, 5, "hot", 20),
    ("agency2@demo.test", "education", "Degree seekers, exclusive", 39_00, 1, 10, "warm", 14),
)


def fill(folder: Path) -> None:
    """Fill an empty database; write the API keys to `demo-keys.json`. Started again, it only makes what is missing."""
    if _is_missing(User):
        with transaction():
            clock.begin(history.BEGINNING)
            _people()
    who = {person.email: _who(person.email) for person in PEOPLE}
    history.live_through(who, _TODAY)
    if not (folder / _KEYS).exists():
        _write_keys(folder / _KEYS, who)
    if _is_missing(insights.CheckRun):
        insights.check_books()


def _is_missing(table: type[User | insights.CheckRun]) -> bool:
    with transaction():
        return not session().scalar(select(exists(select(table.id))))


def _people() -> None:
    orgs: dict[str, UUID] = {}
    for person in PEOPLE:
        if person.org not in orgs:
            orgs[person.org] = _organisation(person)
        role = "owner" if person.email != "staff2@demo.test" else "manager"
        actions.create_user(email=person.email, name=person.name, password=PASSWORD, org_id=orgs[person.org], role=role)
    session().flush()
    for person in PEOPLE:
        if person.kind != "staff":
            actions.accept_terms(queries.who_of_address(person.email), terms.current())
            actions.verify_organisation(queries.who_of_address("staff@demo.test"), orgs[person.org])
            _billing_details(queries.who_of_address(person.email), person)


def _billing_details(who: Who, person: Person) -> None:
    name, address = BILLED[person.org]
    details = {"legal_name": name, "address": address, "country": person.country}
    billing.documents.give_details(who, **details, is_vat_registered=False, vat_id="")


def _organisation(person: Person) -> UUID:
    org: Organisation = actions.open_organisation(person.kind, person.org, person.country)
    return org.id


def _who(email: str) -> Who:
    with transaction():
        return queries.who_of_address(email)


def _listings(who: Mapping[str, Who]) -> None:
    with transaction():
        for seed, row in enumerate(LISTINGS, start=1):
            _listing(who[row[0]], row, seed)


def _top_ups(who: Mapping[str, Who]) -> None:
    for email in ("buyer@demo.test", "buyer2@demo.test"):
        top_up(who[email], Money(_TOP_UP, "USD"))


def _purchases(who: Mapping[str, Who]) -> None:
    """Some leads bought, one of them qualified, two disputes, one decided: in one transaction, or not at all."""
    with transaction():
        bought = _buy(who["buyer@demo.test"], market.Filters(vertical="education"), 3)
        insured = _buy(who["buyer2@demo.test"], market.Filters(vertical="insurance"), 2)
        for stage in (outcomes.Stage.CONTACTED, outcomes.Stage.QUALIFIED):
            outcomes.report(who["buyer2@demo.test"], insured[0], outcomes.Told(stage), via="page")
        _disputes(who, bought)


def _listing(agency: Who, row: tuple[str, str, str, int, int, int, str, int], seed: int) -> None:
    _, vertical, title, price, buyers, window, temperature, count = row
    offer = {
        "vertical": vertical,
        "title": title,
        "kind": "targeted" if buyers == 1 else "consumer",
        "pricing": "per_lead",
        "price_cents": price,
        "currency": "USD",
        "exclusivity": "exclusive" if buyers == 1 else "shared",
        "max_buyers": buyers,
        "window_days": window,
        "default_country": "US",
        "temperature": temperature,
        "origin": "landing_page",
        "incentive": "",
    }
    listing = catalog.create(agency, offer)
    catalog.move(agency, listing.id, catalog.ListingState.ACTIVE)
    leads.receive(listing, list(invented(vertical, count, clock.now(), seed)), by=agency)


def _buy(buyer: Who, filters: market.Filters, count: int) -> list[UUID]:
    offered = market.browse(buyer, filters, Ask(limit=count)).items
    return [orders.place(buyer, masked.id, masked.price) for masked in offered]


def _disputes(who: Mapping[str, Who], bought: list[UUID]) -> None:
    buyer, staff = who["buyer@demo.test"], who["staff@demo.test"]
    disputes.open_dispute(
        buyer, bought[0], Reason.INVALID_PHONE, "Called on two days. The network says that there is no such number."
    )
    decided = disputes.open_dispute(
        buyer, bought[1], Reason.NOT_REQUESTED, "She says that she never filled in a form and has no plans to study."
    )
    verdict = Verdict(DisputeState.PARTLY_UPHELD, 50, "The consent record stands, but the request was half finished.")
    disputes.decide(staff, decided.id, verdict)


def _write_keys(path: Path, who: Mapping[str, Who]) -> None:
    keys = {}
    for email, person in who.items():
        with transaction():
            _, keys[email] = actions.create_api_key(person, "demo", sorted(person.powers))
    path.touch(mode=0o600)
    path.write_text(json.dumps(keys, indent=2))


#: what happens on the day itself, and how long before now
_TODAY = (
    (timedelta(minutes=30), _listings),
    (timedelta(minutes=20), _top_ups),
    (timedelta(minutes=10), _purchases),
)
