"""Guards of the code are taken away one by one: the database refuses what they refused, or a check tells of it."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace import billing
from marketplace.billing import proposals
from marketplace.billing import rules as billing_rules
from marketplace.billing.actions import refunds as acts
from marketplace.billing.actions import sweeps
from marketplace.billing.errors import NotAtStripe
from marketplace.billing.models import CardRefundState
from marketplace.events import SYSTEM
from marketplace.insights import run_checks
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.ledger import Overdrawn
from marketplace.orders import rules
from marketplace.orders.actions import settle
from marketplace.orders.models import Order, OrderState
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale

PRICE = 25_00
WHY = "It was a fake, as the file shows."


@pytest.fixture
def world(app, api, later):
    """A released order, and two members of staff."""
    people = {name: make_person(name) for name in ("buyer", "agency", "staff")}
    fund(people["buyer"].who, 100_00)
    (lead,) = put_on_sale(api(people["agency"]))
    order = buy(api(people["buyer"]), lead, PRICE)
    later(days=8)
    assert broken() == set()
    return {**people, "second": make_person("staff"), "order": order}


def broken():
    return {finding.code for finding in run_checks() if not finding.holds}


def every_move(states):
    return {state: frozenset(states) for state in states}


def propose(who, kind, about, cents=PRICE, **data):
    with transaction():
        return proposals.propose(who, kind, about=about, amount=Money(cents, "USD"), reason=WHY, data=data).id


def wish(world, kind):
    """What is proposed about what, with what else the kind needs."""
    if kind == "claw_back":
        return UUID(world["order"]), {}
    org_id = world["buyer"].org_id
    sides = {"account": "goodwill_expense", "owner": None}, {"account": "wallet_cash", "owner": str(org_id)}
    return org_id, dict(zip(("debit", "credit"), sides, strict=True))


def give_back(world):
    """The dispute of a released order is upheld."""
    with transaction():
        settle.refund(UUID(world["order"]), 100, because="dispute:x", by=SYSTEM, until=clock.now())


def agree_with_oneself(made, who):
    with transaction():
        mine = session().get_one(proposals.Proposal, made)
        mine.decided_by = mine.proposed_by
        proposals._carry_out(mine, who)


def test_without_its_table_an_order_still_lives_its_life(world, monkeypatch):
    monkeypatch.setattr(rules, "ALLOWED", every_move(OrderState))
    with pytest.raises(DBAPIError, match="cannot go from released to refunded"):
        give_back(world)
    assert broken() == set()


@pytest.mark.parametrize("pricing", ["per_lead", "per_sale"])
def test_the_table_of_the_database_is_that_of_the_code(app, pricing):
    table = rules.ALLOWED if pricing == "per_lead" else rules.PER_SALE_ALLOWED
    moves = session().execute(text("SELECT order_moves(:pricing)"), {"pricing": pricing}).scalar_one()
    assert set(moves) == {f"{before} {after}" for before, all_after in table.items() for after in all_after}


@pytest.mark.parametrize("kind", ["adjustment", "claw_back"])
def test_one_person_who_agrees_with_itself_is_no_second_one(world, kind):
    about, data = wish(world, kind)
    made = propose(world["staff"].who, kind, about, **data)
    with pytest.raises(DBAPIError, match="ck_proposals_second_person"):
        agree_with_oneself(made, world["staff"].who)


@pytest.mark.parametrize("kind", ["adjustment", "claw_back"])
def test_what_takes_two_is_not_done_by_one(world, kind, monkeypatch):
    about, data = wish(world, kind)
    monkeypatch.setitem(proposals._acts, kind, replace(proposals.acts()[kind], alone=10**9))
    with pytest.raises(DBAPIError, match="ck_proposals_alone"):
        propose(world["staff"].who, kind, about, **data)


def test_no_more_is_taken_back_of_an_order_than_was_released(world, monkeypatch):
    monkeypatch.setattr(Order, "released_cents", property(lambda _order: 10**9))
    made = propose(world["staff"].who, "claw_back", UUID(world["order"]), PRICE + 1)
    with pytest.raises(DBAPIError, match="ck_orders_clawed_back"), transaction():
        proposals.approve(world["second"].who, made)


def test_a_sweep_of_what_belongs_to_others_is_told(world, monkeypatch):
    monkeypatch.setattr(sweeps, "sweepable", lambda _currency: 10**9)
    with transaction():
        sweeps.ask_sweep(world["staff"].who, Money(20_00, "USD"), "The fees of last month.")
    assert broken() == {"R8"}


def test_without_its_table_a_refund_is_still_ended_once(world, monkeypatch):
    monkeypatch.setattr(billing_rules, "REFUND_ALLOWED", every_move(CardRefundState))
    with transaction():
        (part,) = billing.ask_refund(world["buyer"].who, Money(20_00, "USD"))
    with transaction():
        acts.refuse_refund(part.id, NotAtStripe())
    with pytest.raises(Overdrawn), transaction():
        acts._sent(acts.locked(part.id))
    monkeypatch.setattr(acts, "_RETURNED", ())
    with pytest.raises(DBAPIError, match="ck_top_ups"), transaction():
        acts._give_back(acts.locked(part.id), "once more")
    assert broken() == set()
