"""A buyer that loses nearly all of its disputes: a file, then a deposit, shown before it is taken, and its end."""

import io

import pytest

from marketplace import ledger
from marketplace.disputes.models import Dispute, DisputeState
from marketplace.insights import run_checks
from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.ledger import Account
from tests.factories.books import promised, written
from tests.factories.leads import make_lead
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale

SAID = {"reason": "bot", "statement": "It was a program."}
FILE = [{"name": "pattern.txt", "content": "YWJj"}]


@pytest.fixture
def buyer(app):
    return funded_buyer(500_00)


@pytest.fixture(autouse=True)
def books_hold(app):
    yield
    session().rollback()
    assert [finding for finding in run_checks() if not finding.holds] == []


@pytest.fixture
def order(api, agency, buyer):
    def order():
        (lead,) = put_on_sale(api(agency), make_lead(), price={"amount": 100_00, "currency": "USD"})
        return buy(api(buyer), lead, 100_00)

    return order


@pytest.fixture
def lost(app, agency, buyer, order):
    """So many disputes that were rejected: lost(13)."""

    def lost(count):
        sides = {"order_id": order(), "buyer_id": buyer.org_id, "agency_id": agency.org_id}
        now = product_clock.now()
        times = {"opened_at": now, "answer_by": now, "decide_by": now, "decided_at": now, "appeal_until": now}
        with transaction():
            for _ in range(count):
                told = {"state": DisputeState.REJECTED, "reason": "bot", "statement": "No.", "refund_percent": 0}
                session().add(Dispute(opened_by=buyer.who.user_id, **sides, **times, **told))

    return lost


def available(api, buyer):
    return api(buyer).get("/wallet")["available"]


def test_after_some_lost_disputes_words_alone_open_none(api, buyer, order, lost, visit):
    lost(4)
    bought = order()
    page = visit(buyer).get(f"/orders/{bought}/dispute")
    assert "Your trust 0.46: 0 of 4 decided disputes upheld." in page.words
    assert "you must now add a file as evidence" in page.words
    refused = api(buyer).post(f"/orders/{bought}/disputes", SAID)
    assert (refused.status, refused.code) == (422, "evidence_needed")
    assert api(buyer).post(f"/orders/{bought}/disputes", {"reason": "invalid_phone"}).status == 201, "we check that"


def test_a_deposit_is_shown_taken_and_kept_when_the_dispute_is_rejected_for_good(api, buyer, order, lost, visit, later):
    lost(13)
    bought, before = order(), available(api, buyer)
    form = f"/orders/{bought}/dispute"
    page = visit(buyer).get(form)
    assert "needs a deposit of $10.00 from your wallet" in page.words
    unseen = api(buyer).post(f"/orders/{bought}/disputes", {**SAID, "evidence": FILE})
    assert (unseen.status, unseen.code) == (409, "deposit_needed")
    assert available(api, buyer) == before
    reader = visit(buyer)
    shown = {"deposit_cents": page.value_of("deposit_cents")}
    opened = reader.post(form, **SAID, **shown, evidence=(io.BytesIO(b"abc"), "pattern.txt"))
    assert reader.follow(opened).status == 200
    assert available(api, buyer) == before - 10_00
    case = opened.location
    assert api(buyer).get(case)["deposit"] == {"cents": 10_00, "currency": "USD", "state": "held"}
    verdict = {"outcome": "rejected", "refund_percent": 0, "reasoning": "Nothing shows a program."}
    assert api(make_person("staff")).post(f"{case}/decisions", verdict).status == 201
    assert api(buyer).get(case)["deposit"]["state"] == "held", "it may still be appealed"
    fees = ledger.sum_of(Account.FEE_REVENUE, "USD")
    later(hours=73)
    later(minutes=10)
    assert api(buyer).get(case)["deposit"]["state"] == "forfeited"
    assert written(["deposit_forfeit"]) == promised(["deposit_forfeit"])
    assert ledger.sum_of(Account.FEE_REVENUE, "USD") >= fees + 10_00
    assert available(api, buyer) == before - 10_00


@pytest.mark.parametrize("end", ["upheld", "conceded", "withdrawn"])
def test_it_comes_back_at_once_in_every_other_end(api, agency, buyer, order, lost, end):
    lost(13)
    bought, before = order(), available(api, buyer)
    said = {**SAID, "evidence": FILE, "deposit_cents": 10_00}
    case = f"/disputes/{api(buyer).post(f'/orders/{bought}/disputes', said)['id']}"
    assert available(api, buyer) == before - 10_00
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "The pattern shows it."}
    ended = {
        "upheld": lambda: api(make_person("staff")).post(f"{case}/decisions", verdict),
        "conceded": lambda: api(agency).post(f"{case}/answers", {"concede": True}),
        "withdrawn": lambda: api(buyer).post(f"{case}/withdrawal"),
    }[end]()
    assert ended.status in (200, 201), ended.body
    assert api(buyer).get(case)["deposit"]["state"] == "returned"
    assert available(api, buyer) == before + (0 if end == "withdrawn" else 100_00)


def test_an_empty_wallet_opens_no_dispute_that_needs_a_deposit(api, buyer, order, lost):
    lost(13)
    for _ in range(3):
        order()
    bought = order()
    assert available(api, buyer) == 0
    said = {**SAID, "evidence": FILE, "deposit_cents": 10_00}
    refused = api(buyer).post(f"/orders/{bought}/disputes", said)
    assert (refused.status, refused.code) == (402, "insufficient_funds")
    assert api(buyer).get(f"/orders/{bought}")["state"] == "held"
