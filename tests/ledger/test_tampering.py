"""Whoever may switch triggers off changes the books: whatever it is, `fairlead check` finds it."""

import pytest

from marketplace import ledger
from marketplace.kit import invariants
from marketplace.kit.db import transaction
from marketplace.ledger import blocks, heads
from marketplace.ledger.digests import block_hash
from marketplace.ledger.tampering import changed_since
from tests.factories.chain import found, seal_all, tamper, write


@pytest.fixture
def chain(app):
    """Three blocks of two entries, the second of which people were told, and one entry that waits."""
    for number in range(3):
        write(f"a{number}", f"b{number}")
        seal_all()
        if number == 1:
            with transaction():
                heads.announce()
    write("waits")
    assert not found()


def entry(name):
    return f"(SELECT id FROM ledger_entries WHERE key = 'adjustment:{name}')"


#: what somebody who knows how entries are stored would also do, so that only the chain tells
COVER_UP = """
UPDATE ledger_entries e SET content = ledger_content(e.key, e.kind, e.reference_id, e.currency, e.at, ARRAY(
  SELECT (p.account_id, p.amount)::text FROM ledger_postings p WHERE p.entry_id = e.id))
"""
BALANCE_UP = """
UPDATE ledger_accounts a SET balance = a.sign * (SELECT coalesce(sum(p.amount), 0) FROM ledger_postings p
  WHERE p.account_id = a.id) WHERE is_guarded
"""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("key", "'other'"),
        ("kind", "'hold'"),
        ("reference_id", "gen_random_uuid()"),
        ("currency", "'EUR'"),
        ("actor_id", "gen_random_uuid()"),
        ("at", "at - interval '1 day'"),
    ],
)
def test_an_entry_that_was_changed_is_found_though_its_content_was_made_to_fit(chain, name, value):
    tamper(f"UPDATE ledger_entries SET {name} = {value} WHERE key = 'adjustment:a1'", COVER_UP)
    assert found() == {"entry_differs"}


def test_a_change_that_nobody_made_fit_is_found_before_it_is_sealed_too(chain):
    tamper("UPDATE ledger_entries SET kind = 'hold' WHERE key = 'adjustment:waits'")
    assert found() == {"content_differs"}


@pytest.mark.parametrize("name", ["a0", "b2"])
def test_postings_that_were_changed_are_found_though_everything_was_made_to_fit(chain, name):
    tamper(f"UPDATE ledger_postings SET amount = amount * 2 WHERE entry_id = {entry(name)}", COVER_UP, BALANCE_UP)
    assert {each.code for each in invariants.run(ledger.INVARIANTS) if not each.holds} == {"I5"}
    assert found() == {"entry_differs"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_postings SET balance_after = balance_after + 1 WHERE balance_after = 1000",
        "UPDATE ledger_accounts SET owner_id = gen_random_uuid() WHERE kind = 'wallet_cash'",
        "UPDATE ledger_accounts SET kind = 'held' WHERE kind = 'wallet_cash'",
        "DELETE FROM ledger_postings WHERE entry_id = (SELECT id FROM ledger_entries WHERE key = 'adjustment:a1')",
        (
            "INSERT INTO ledger_postings (entry_id, account_id, amount)"
            " SELECT entry_id, account_id, amount FROM ledger_postings ORDER BY id LIMIT 2"
        ),
    ],
)
def test_whose_money_it_was_and_what_it_came_to_are_sealed_too(chain, change):
    tamper(change, COVER_UP, BALANCE_UP)
    assert found() == {"entry_differs"}


@pytest.mark.parametrize("name", ["a0", "b1", "waits"])
def test_an_entry_that_was_removed_is_missed(chain, name):
    tamper(
        f"DELETE FROM ledger_postings WHERE entry_id = {entry(name)}",
        f"DELETE FROM ledger_entries WHERE id = {entry(name)}",
        BALANCE_UP,
    )
    assert found() == {"entry_missing"}
    seal_all()
    assert found() == {"entry_missing"}


SLIP_IN = """
INSERT INTO ledger_entries
SELECT gen_random_uuid(), 'adjustment:slipped', kind, reference_id, currency, actor_id, at, content, tx
FROM ledger_entries WHERE key = 'adjustment:a1';
INSERT INTO ledger_postings (entry_id, account_id, amount)
SELECT e.id, p.account_id, p.amount FROM ledger_entries e, ledger_postings p
WHERE e.key = 'adjustment:slipped' AND p.entry_id = (SELECT id FROM ledger_entries WHERE key = 'adjustment:a1');
"""


def test_an_entry_that_was_slipped_in_is_in_no_block(chain):
    tamper(*SLIP_IN.split(";")[:2], COVER_UP, BALANCE_UP)
    assert found() == {"not_in_the_chain"}


def test_an_entry_that_was_taken_off_the_list_is_in_no_block(chain):
    tamper("DELETE FROM ledger_unsealed")
    assert found() == {"not_in_the_chain"}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, {"not_in_the_chain", "block_before_missing"}),
        (2, {"not_in_the_chain", "block_before_missing", "announced_head_gone"}),
        (3, {"not_in_the_chain"}),
    ],
)
def test_a_block_that_was_removed_is_missed(chain, number, words):
    tamper(f"DELETE FROM ledger_blocks WHERE number = {number}")
    assert found() == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("entry_ids = entry_ids[1:1], digests = digests[1:1], entries = 1", {"block_differs", "not_in_the_chain"}),
        ("digests = ARRAY[digests[2], digests[1]]", {"block_differs", "entry_differs"}),
        ("digests = ARRAY[digests[2], digests[1]], entry_ids = ARRAY[entry_ids[2], entry_ids[1]]", {"block_differs"}),
        ("entry_ids = ARRAY[entry_ids[1], entry_ids[1]]", {"entry_differs", "not_in_the_chain"}),
        ("sealed_at = sealed_at - interval '1 second'", {"block_differs"}),
        ("hash = sha256('other')", {"block_differs"}),
        ("previous = sha256('other')", {"block_differs", "block_before_missing"}),
        ("number = 7", {"block_differs", "block_before_missing"}),
        ("total = 7", {"block_before_missing"}),
    ],
)
def test_the_last_block_is_no_less_safe(chain, change, words):
    tamper(f"UPDATE ledger_blocks SET {change} WHERE number = 3")
    assert words <= found()


def forge(number):
    """A block that verifies by itself in place of this one: its second entry never was."""
    block, digests = blocks.find(number)
    made = block_hash(number, block.previous, block.sealed_at, digests[:1])
    tamper(
        f"DELETE FROM ledger_postings WHERE entry_id = {entry(f'b{number - 1}')}",
        f"DELETE FROM ledger_entries WHERE id = {entry(f'b{number - 1}')}",
        "UPDATE ledger_blocks SET entries = 1, total = total - 1, entry_ids = entry_ids[1:1], digests = digests[1:1],"
        f" hash = decode('{made.hex()}', 'hex') WHERE number = {number}",
        BALANCE_UP,
    )


def test_a_block_that_was_replaced_does_not_fit_the_next_one(chain):
    forge(1)
    assert found() == {"block_before_missing"}


def test_a_replaced_end_of_the_chain_does_not_fit_what_people_were_told(chain):
    tamper("DELETE FROM ledger_heads")
    with transaction():
        heads.announce()
    forge(3)
    assert found() == {"announced_head_gone"}


def test_what_waits_for_more_than_an_hour_is_told(chain):
    tamper("UPDATE ledger_unsealed SET since = now() - interval '59 minutes'")
    assert not found()
    tamper("UPDATE ledger_unsealed SET since = now() - interval '61 minutes'")
    assert found() == {"waiting_too_long"}
    seal_all()
    assert not found()


def test_the_end_of_the_chain_can_be_verified_alone(chain):
    tamper("UPDATE ledger_entries SET actor_id = gen_random_uuid() WHERE key = 'adjustment:a1'")
    assert [each["found"] for each in changed_since(1)] == ["entry_differs"]
    assert changed_since(2) == []
    tamper("UPDATE ledger_entries SET actor_id = gen_random_uuid() WHERE key = 'adjustment:a2'")
    assert [(each["found"], each["block"]) for each in changed_since(2)] == [("entry_differs", "3")]
