"""The chain for everybody: its head, one block, and that anybody comes to the same hash."""

import json
import re
from pathlib import Path

import pytest

from marketplace import insights
from marketplace.insights.nightly import check_books
from marketplace.ledger import blocks
from tests.factories.chain import seal_all, tamper, write
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale

PAGE = Path(__file__).parents[2] / "docs" / "money.md"


@pytest.fixture
def recompute():
    """The program that docs/money.md gives to everybody: recompute(address) -> the hash of the head."""
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    known = {"__name__": "recipe"}
    exec(program, known)
    return known["recompute"]


@pytest.fixture
def trade(api):
    """A purchase, and two blocks: its top-up in the first, the purchase in the second."""
    buyer, agency = make_person("buyer"), make_person("agency")
    fund(buyer.who, 10_000)
    seal_all()
    (lead_id,) = put_on_sale(api(agency))
    order = buy(api(buyer), lead_id)
    seal_all()
    return buyer, agency, order


def test_before_anything_happened_there_is_nothing_to_prove(api):
    assert api(None).get("/proof").body == {"head": None, "waiting": 0, "checked": None}
    assert (api(None).get("/proof/1").status, api(None).get("/proof/1").code) == (404, "not_found")


def test_anybody_sees_the_head_and_every_block(api, trade):
    proof = api(None).get("/proof")
    head = proof["head"]
    assert (head["number"], head["entries"], head["total"], proof["waiting"]) == (2, 1, 3, 0)
    first, second = (api(None).get(f"/proof/{number}") for number in (1, 2))
    assert (first["previous"], second["previous"]) == ("0" * 64, first["hash"])
    assert {name: second[name] for name in head} == head
    assert (len(first["digests"]), len(second["digests"])) == (2, 1)
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in (*first["digests"], second["hash"]))


def test_nothing_of_amounts_or_parties_is_shown(api, trade):
    buyer, agency, order = trade
    shown = json.dumps([api(None).get(path).body for path in ("/proof", "/proof/1", "/proof/2")])
    for secret in ("10000", "2500", "USD", "topup", order, str(buyer.org_id), str(agency.org_id)):
        assert secret not in shown


@pytest.mark.parametrize(
    "number", ["0", "3", "9223372036854775807", "9223372036854775808", "9" * 5000, "-1", "x", "1.0"]
)
def test_a_block_that_is_not_there_is_not_found(api, trade, number):
    answer = api(None).get(f"/proof/{number}")
    assert (answer.status, answer.code) == (404, "not_found")


def test_the_published_recipe_comes_to_the_head(app, live, trade, recompute):
    write("a", "b", "c")
    seal_all(most=2)
    assert recompute(live) == blocks.head().hash.hex()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_blocks SET digests = ARRAY[sha256('x')] WHERE number = 2",
        "UPDATE ledger_blocks SET sealed_at = sealed_at + interval '1 second' WHERE number = 1",
        "UPDATE ledger_blocks SET hash = sha256('x') WHERE number = 1",
    ],
)
def test_the_published_recipe_stops_where_the_chain_was_changed(app, live, trade, recompute, change):
    tamper(change)
    with pytest.raises(SystemExit, match=r"block \d does not verify"):
        recompute(live)


def test_everybody_is_told_when_the_books_were_checked_and_whether_they_held(api, trade):
    check_books()
    checked = api(None).get("/proof")["checked"]
    assert (checked["holds"], checked["broken"]) == (True, [])
    assert checked["rules"] == [each.code for each in insights.INVARIANTS]
    tamper("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'wallet_cash'")
    check_books()
    checked = api(None).get("/proof")["checked"]
    assert (checked["holds"], checked["broken"]) == (False, ["I3"])
