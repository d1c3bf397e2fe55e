import pytest
from sqlalchemy import text

from marketplace.insights import INVARIANTS, check_books, jobs, standing_for
from marketplace.kit.db import session, transaction
from marketplace.ledger.jobs import announce_head
from tests.factories.chain import tamper
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import put_on_sale


@pytest.fixture
def sold(api):
    """A wallet of 100.00 of which 25.00 are held."""
    buyer, agency = make_person("buyer"), make_person("agency")
    fund(buyer.who, 10_000)
    (lead_id,) = put_on_sale(api(agency), make_lead())
    price = api(buyer).get(f"/catalog/leads/{lead_id}")["price"]
    return api(buyer).post("/orders", {"lead_id": lead_id, "quoted_price": price})["id"]


def test_before_anything_moved_all_rules_hold(staff):
    words = staff.get("/admin/money").words
    assert "No money has moved yet" in words
    assert "rules hold" in words


def test_what_we_have_less_what_we_owe_is_ours(staff, sold):
    words = staff.get("/admin/money").words
    for shown in ("Wallets of buyers $75.00", "Held for orders $25.00", "0 top-ups", "Purchase", "Top-up"):
        assert shown in words
    who = make_person("staff").who
    with transaction():
        (standing,) = standing_for(who)
    assert (standing.have - standing.owe, standing.owe.amount) == (standing.ours, 10_000)


def test_a_broken_rule_is_named_with_its_rows(staff, sold):
    with transaction():
        session().execute(text("SET LOCAL session_replication_role = replica"))
        session().execute(text("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'wallet_cash'"))
    words = staff.get("/admin/money").words
    assert "1 rule is broken" in words
    assert "I3 Every stored balance is the sum of its postings" in words
    assert "wallet_cash" in words


def test_all_is_checked_again_when_somebody_asks(staff, sold, run_jobs):
    check_books()
    tamper("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'wallet_cash'")
    page = staff.follow(staff.post("/admin/money/checks"))
    assert "All rules are being checked." in page.words
    assert "rule is broken" not in page.words
    run_jobs()
    assert "1 rule is broken" in staff.get("/admin/money").words
    for _time in range(11):
        staff.post("/admin/money/checks")
    assert "Too many attempts." in staff.follow(staff.post("/admin/money/checks")).words


def test_only_staff_see_money_health(sold, visit):
    assert visit(make_person("buyer")).get("/admin/money").status == 404
    assert visit(make_person("staff", role="finance")).get("/admin/money").status == 200


def test_what_the_checks_found_by_themselves_is_shown_with_the_chain(staff, sold):
    assert "No run yet" in staff.get("/admin/money").words
    assert "Head no block yet Unsealed 3 entries," in staff.get("/admin/money").words
    jobs.check_books()
    announce_head()
    words = staff.get("/admin/money").words
    assert f"all {len(INVARIANTS)} hold" in words
    assert "Head block 1" in words
    assert "Unsealed 0 entries Mailed block 1" in words
    tamper("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'wallet_cash'")
    check_books()
    assert "The last run found broken: I3" in staff.get("/admin/money").words
