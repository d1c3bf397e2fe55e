"""A bank takes a payment back: what is frozen, who pays, and that the order of news does not matter."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
from sqlalchemy import text

from marketplace import ledger
from marketplace.billing import BankDispute, oversight
from marketplace.billing.gateway import Settlement
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.ledger import Account
from marketplace.orders import answering_for
from marketplace.orders.chargebacks import settle_chargeback
from tests.factories.books import promised, written
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.sales import acquire, agreement, offer, usd
from tests.factories.story import buy, open_dispute, purchase, put_on_sale

PAID = 100_00
TAKEN, BACK = Settlement("txn_out", Money(-PAID, "USD"), 15_00), Settlement("txn_back", Money(PAID, "USD"), 0)


@pytest.fixture
def buyer(app):
    return make_person("buyer")


@pytest.fixture(autouse=True)
def books_hold(app):
    yield
    session().rollback()
    assert [(finding.code, finding.rows) for finding in run_checks() if not finding.holds] == []


@pytest.fixture
def payment(buyer):
    """A top-up of 100.00."""
    top_up = fund(buyer.who, PAID)
    return session().scalar(text("SELECT payment_intent_id FROM top_ups WHERE id = :id"), {"id": top_up})


def told(payment, status, *moved):
    """What Stripe says of it at one moment."""
    return BankDispute(
        id="dp_1",
        payment=payment,
        amount=Money(PAID, "USD"),
        status=status,
        reason="fraudulent",
        answer_by=None,
        is_answered=False,
        settlements=moved,
    )


def settle(*news):
    for each in news:
        with transaction():
            settle_chargeback(each)


def bought(api, buyer, *prices):
    agency = make_person("agency")
    orders = []
    for cents in prices:
        (lead,) = put_on_sale(api(agency), price={"amount": cents, "currency": "USD"})
        orders.append(buy(api(buyer), lead, cents))
    return orders


def states(api, buyer, orders):
    return [api(buyer).get(f"/orders/{order}")["state"] for order in orders]


def balances(buyer):
    session().rollback()
    own = {"wallet": Account.WALLET_CASH, "owed": Account.BUYER_RECEIVABLE}
    found = {name: ledger.balance(account, buyer.org_id, "USD") for name, account in own.items()}
    ours = {"clearing": Account.STRIPE_CLEARING, "balance": Account.STRIPE_BALANCE, "fee": Account.DISPUTE_FEE}
    found |= {name: ledger.balance(account, None, "USD") for name, account in ours.items()}
    contested = "SELECT coalesce(sum(balance), 0) FROM ledger_accounts WHERE kind = 'chargeback_contested'"
    return found | {"contested": int(session().scalar(text(contested)))}


def test_an_unspent_wallet_is_frozen_and_comes_back_when_it_is_won(api, buyer, payment):
    settle(told(payment, "needs_response", TAKEN))
    assert balances(buyer) == {
        "wallet": 0,
        "owed": 0,
        "clearing": 0,
        "balance": -15_00,
        "fee": 15_00,
        "contested": PAID,
    }
    assert written(["cb_open", "cb_settle"]) == promised(["cb_open", "cb_settle"])
    settle(told(payment, "won", TAKEN, BACK))
    assert balances(buyer) == {"wallet": PAID, "owed": 0, "clearing": 0, "balance": 85_00, "fee": 15_00, "contested": 0}
    assert written(["cb_won"]) == promised(["cb_won"])


def test_lost_is_paid_by_the_wallet_then_by_orders_then_owed(api, buyer, payment, later):
    first, second, third = bought(api, buyer, 20_00, 30_00, 40_00)
    settle(told(payment, "needs_response", TAKEN))
    assert states(api, buyer, [first, second, third]) == ["frozen", "frozen", "frozen"]
    later(days=8)
    assert states(api, buyer, [first, second, third]) == ["frozen", "frozen", "frozen"]
    settle(told(payment, "lost", TAKEN))
    assert states(api, buyer, [first, second, third]) == ["charged_back"] * 3
    assert written(["cb_lost"])["cb_lost"] == {
        "wallet_frozen": Decimal(10), "held": Decimal(90), "chargeback_contested": Decimal(-100),
    }  # fmt: skip


def test_only_as_many_orders_answer_as_are_needed_and_what_is_left_goes_on(api, buyer, payment, later):
    fund(buyer.who, 50_00)
    old, new = bought(api, buyer, 60_00, 80_00)
    settle(told(payment, "needs_response", TAKEN))  # 10.00 in the wallet, so 90.00 of orders: 80.00 and 10.00
    assert states(api, buyer, [old, new]) == ["frozen", "frozen"]
    settle(told(payment, "lost", TAKEN))
    assert states(api, buyer, [old, new]) == ["held", "charged_back"]
    assert api(buyer).get(f"/orders/{old}")["held"]["amount"] == 50_00
    later(days=8)
    assert states(api, buyer, [old]) == ["released"]


def test_orders_that_answer_are_read_page_by_page(api, buyer, payment):
    newest_first = bought(api, buyer, 30_00, 30_00, 30_00)[::-1]
    settle(told(payment, "needs_response", TAKEN))
    staff = make_person("staff").who
    (case,) = oversight.chargebacks_for(staff, Ask()).items
    first = answering_for(staff, case.chargeback.id, Ask(limit=2))
    second = answering_for(staff, case.chargeback.id, Ask(first.next_cursor, limit=2))
    assert [str(order.id) for page in (first, second) for order in page.items] == newest_first
    assert (len(first.items), second.next_cursor) == (2, None)


def test_what_nothing_covers_the_buyer_owes_and_repays_with_the_next_top_up(api, buyer, payment, later):
    bought(api, buyer, PAID)
    later(days=8)
    settle(told(payment, "needs_response", TAKEN), told(payment, "lost", TAKEN))
    assert balances(buyer)["owed"] == api(buyer).get("/wallet")["owed"] == PAID
    assert written(["cb_lost"]) == promised(["cb_lost"])


def test_an_inquiry_and_a_payment_of_somebody_else_move_nothing(buyer, payment):
    settle(told(payment, "warning_needs_response"), told(payment, "warning_closed"), told("pi_else", "lost", TAKEN))
    assert balances(buyer)["wallet"] == PAID
    assert session().scalars(text("SELECT state FROM chargebacks")).all() == ["won"]


def test_old_news_of_an_inquiry_takes_nothing_back(buyer, payment):
    asked, taken = told(payment, "warning_under_review"), told(payment, "needs_response", TAKEN)
    settle(asked, taken, replace(asked, is_answered=True))
    states = "SELECT state, answered_at, (SELECT count(*) FROM events WHERE name = 'chargeback.escalated')"
    assert session().execute(text(f"{states} FROM chargebacks")).one() == ("needs_answer", None, 1)
    settle(taken)
    assert session().execute(text(f"{states} FROM chargebacks")).one() == ("needs_answer", None, 1)


def test_a_dispute_of_a_frozen_order_waits(api, buyer, payment, later):
    (order,) = bought(api, buyer, PAID)
    dispute = open_dispute(api(buyer), order)
    settle(told(payment, "needs_response", TAKEN))
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "It was a program.", "early_reason": "Clear."}
    staff = make_person("staff")
    assert api(staff).post(f"/disputes/{dispute}/decisions", verdict).code == "order_frozen"
    later(days=4)
    assert states(api, buyer, [order]) == ["frozen"]
    settle(told(payment, "won", TAKEN, BACK))
    assert states(api, buyer, [order]) == ["disputed"]
    later(minutes=1)
    assert states(api, buyer, [order]) == ["refunded"]


def test_a_dispute_ends_also_when_the_bank_has_taken_the_money(api, buyer, payment, later):
    other = make_person("buyer")
    fund(other.who, PAID)
    (taken,) = bought(api, buyer, PAID)
    (untouched,) = bought(api, other, PAID)
    for who, order in ((buyer, taken), (other, untouched)):
        open_dispute(api(who), order)
    settle(told(payment, "needs_response", TAKEN), told(payment, "lost", TAKEN))
    later(days=4)
    assert states(api, buyer, [taken]) == ["charged_back"]
    assert states(api, other, [untouched]) == ["refunded"]
    assert {case["state"] for case in api(buyer).get("/disputes")["items"]} == {"upheld"}
    assert balances(buyer)["wallet"] == 0


def test_of_what_the_bank_left_a_dispute_gives_back_its_share(api, buyer, payment):
    fund(buyer.who, 50_00)
    old, new = bought(api, buyer, 60_00, 80_00)
    dispute = open_dispute(api(buyer), old)
    settle(told(payment, "needs_response", TAKEN), told(payment, "lost", TAKEN))
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "It was a program.", "early_reason": "Clear."}
    assert api(make_person("staff")).post(f"/disputes/{dispute}/decisions", verdict).status == 201
    assert states(api, buyer, [old, new]) == ["refunded", "charged_back"]
    assert balances(buyer)["wallet"] == 50_00


def test_deposits_that_come_back_repay_what_the_buyer_owes(api, buyer, payment, later):
    """All of two cards in deposits, one payment taken back, no sale anywhere: nothing for the other card."""
    fund(buyer.who, PAID)
    deals = acquired(api, buyer, 10)
    settle(told(payment, "needs_response", TAKEN), told(payment, "lost", TAKEN))
    assert (balances(buyer)["wallet"], balances(buyer)["owed"]) == (0, PAID)
    for deal in deals:
        assert api(buyer).post(f"/orders/{deal}/no-sale", {"reason": "price"}).status == 201
    later(hours=73)
    assert (balances(buyer)["wallet"], balances(buyer)["owed"]) == (PAID, 0)


def test_what_comes_back_while_the_bank_decides_is_frozen_until_then(api, buyer, payment, later):
    fund(buyer.who, 50_00)
    deal = acquired(api, buyer, 7)[0]
    settle(told(payment, "needs_response", TAKEN))  # 10.00 in the wallet
    api(buyer).post(f"/orders/{deal}/no-sale", {"reason": "price"})
    later(hours=73)
    assert (balances(buyer)["wallet"], frozen(buyer)) == (0, 30_00)
    (case,) = api(make_person("staff")).get("/chargebacks")["items"]
    assert case["frozen_cents"] == 30_00
    settle(told(payment, "won", TAKEN, BACK))
    assert (balances(buyer)["wallet"], frozen(buyer)) == (30_00, 0)


def test_what_came_in_meanwhile_pays_before_anybody_owes_and_before_orders(api, buyer, payment):
    (order,) = bought(api, buyer, PAID)
    settle(told(payment, "needs_response", TAKEN))
    fund(buyer.who, 40_00)
    settle(told(payment, "lost", TAKEN))
    assert (balances(buyer)["wallet"], balances(buyer)["owed"]) == (0, 0)
    assert api(buyer).get(f"/orders/{order}")["held"]["amount"] == 40_00


def test_who_owes_buys_nothing_and_gets_nothing_back_until_it_is_repaid(api, buyer, payment, later):
    agency = make_person("agency")
    first, second = put_on_sale(api(agency), count=2, price={"amount": PAID, "currency": "USD"})
    (by_sale,) = offer(api(agency))
    buy(api(buyer), first, PAID)
    later(days=8)
    settle(told(payment, "needs_response", TAKEN), told(payment, "lost", TAKEN))
    gift = {
        "kind": "promo_grant",
        "about": str(buyer.org_id),
        "amount": usd(PAID),
        "reason": "Welcome to the exchange.",
    }
    assert api(make_person("staff")).post("/proposals", gift).status == 201
    wanted = purchase(second, PAID), agreement(api(buyer), by_sale)
    for each in wanted:
        refused = api(buyer).post("/orders", each)
        assert (refused.status, refused.code) == (402, "debt_due")
    several = {"lead_ids": [second], "max_total": usd(PAID)}
    assert api(buyer).post("/orders", several)["items"][0]["error"]["code"] == "debt_due"
    assert api(buyer).post("/wallet/refunds", {"amount": usd(1)}).code == "debt_due"
    fund(buyer.who, PAID + 20_00)
    assert [api(buyer).post("/orders", each).status for each in wanted] == [201, 201]


def acquired(api, buyer, count):
    """Leads that are paid by the sale, each with a deposit of 20.00."""
    return [acquire(api(buyer), lead) for lead in offer(api(make_person("agency")), count=count)]


def frozen(buyer):
    session().rollback()
    return oversight.frozen_for(buyer.who, "USD")


WON = [("needs_response",), ("needs_response", TAKEN), ("under_review", TAKEN), ("won", TAKEN), ("won", TAKEN, BACK)]
LOST = [("needs_response",), ("needs_response", TAKEN), ("under_review", TAKEN), ("lost", TAKEN)]


@pytest.mark.parametrize("end", ["won", "lost"])
def test_news_in_any_order_and_twice_ends_the_same(api, end):
    """Each permutation for a buyer of its own: 30.00 in the wallet, 70.00 held."""
    story = {"won": WON, "lost": LOST}[end]
    wanted = {"won": (30_00, "held", 0), "lost": (0, "charged_back", 0)}[end]
    agency = make_person("agency")
    orders = list(permutations(range(len(story))))
    leads = put_on_sale(api(agency), count=len(orders), price={"amount": 70_00, "currency": "USD"})
    for number, (order, lead) in enumerate(zip(orders, leads, strict=True)):
        if order[-1] != len(story) - 1 and end == "won" and number % 5:
            continue  # a fifth of those that end with old news, all that end with the newest
        buyer = make_person("buyer", is_verified=False)
        top_up = fund(buyer.who, PAID)
        paid = session().scalar(text("SELECT payment_intent_id FROM top_ups WHERE id = :id"), {"id": top_up})
        bought_ = buy(api(buyer), lead, 70_00)
        seen = [story[at] for at in (*order, *order)]
        settle(*(_of(number, paid, *each) for each in seen))
        session().rollback()
        wallet = ledger.balance(Account.WALLET_CASH, buyer.org_id, "USD")
        owed = ledger.balance(Account.BUYER_RECEIVABLE, buyer.org_id, "USD")
        assert (wallet, api(buyer).get(f"/orders/{bought_}")["state"], owed) == wanted, order


def _of(number, payment, status, *moved):
    own = [Settlement(f"{each.id}_{number}", each.amount, each.fee) for each in moved]
    return BankDispute(
        id=f"dp_{number}",
        payment=payment,
        amount=Money(PAID, "USD"),
        status=status,
        reason="fraudulent",
        answer_by=None,
        is_answered=False,
        settlements=tuple(own),
    )
