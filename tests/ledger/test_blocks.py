"""Sealing: what goes into which block, when, and that the chain is one."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain

import psycopg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from marketplace.kit.db import transaction
from marketplace.kit.ids import new_id
from marketplace.ledger import blocks, heads, jobs
from marketplace.ledger.blocks import seal
from marketplace.ledger.digests import block_hash
from tests.factories.chain import enter, found, rows, seal_all, tamper, write

POST = (
    "SELECT ledger_post(%s, %s, 'topup', %s, 'USD', NULL, now(),"
    " ARRAY['stripe_clearing', 'wallet_cash'], ARRAY[NULL, %s]::uuid[], ARRAY[500, -500]::bigint[])"
)


def sealed_ids():
    return [list(row.entry_ids) for row in rows("SELECT entry_ids FROM ledger_blocks ORDER BY number")]


@contextmanager
def another_session(app):
    """A connection of its own, as another worker has one; what it leaves open is rolled back."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        yield connection
        connection.rollback()


def post_by(connection, key):
    entry, owner = new_id(), new_id()
    connection.execute(POST, (entry, key, owner, owner))
    return entry


def test_what_was_written_is_sealed_once_and_every_block_follows_the_one_before(app):
    first = write("a", "b")
    (one,) = seal_all()
    assert seal_all() == []
    second = write("c")
    (two,) = seal_all()
    assert (one.number, one.previous, one.entries, one.total) == (1, bytes(32), 2, 2)
    assert (two.number, two.previous, two.entries, two.total) == (2, one.hash, 1, 3)
    assert sealed_ids() == [first, second]
    assert blocks.head() == two
    assert blocks.waiting().count == 0
    assert not found()


def test_a_blocks_hash_is_over_its_number_the_one_before_its_time_and_its_digests(app):
    write("a", "b")
    (block,) = seal_all()
    shown, digests = blocks.find(1)
    lines = ["fairlead block 1", "1", "0" * 64, block.sealed_at.isoformat(), *(each.hex() for each in digests)]
    assert shown.hash == hashlib.sha256("\n".join(lines).encode()).digest()
    assert len(set(digests)) == 2
    for other in (
        block_hash(2, block.previous, block.sealed_at, digests),
        block_hash(1, block.hash, block.sealed_at, digests),
        block_hash(1, block.previous, block.sealed_at.replace(year=2020), digests),
        block_hash(1, block.previous, block.sealed_at, digests[::-1]),
    ):
        assert other != block.hash


def test_entries_of_one_transaction_are_sealed_together_in_the_order_of_their_ids(app):
    with transaction():
        written = [enter(name) for name in "abc"]
    seal_all()
    assert sealed_ids() == [sorted(written)]


def test_a_backlog_is_cut_into_blocks_without_a_gap(app):
    written = write(*"abcde")
    assert [block.entries for block in seal_all(most=2)] == [2, 2, 1]
    assert list(chain(*sealed_ids())) == written
    assert not found()


def test_who_commits_late_is_waited_for_and_nobody_is_skipped(app):
    before = write("before")
    with another_session(app) as slow:
        late = post_by(slow, "late")
        after = write("after")
        seal_all()
        assert sealed_ids() == [before]
        assert blocks.waiting().count == 1
        slow.commit()
        seal_all()
        assert sealed_ids() == [before, [late, *after]]
    assert not found()


def test_what_is_rolled_back_holds_nobody_up_and_leaves_nothing(app):
    write("before")
    seal_all()
    with another_session(app) as slow:
        post_by(slow, "never")
        after = write("after")
        assert seal_all() == []
        slow.rollback()
        seal_all()
    assert sealed_ids()[1:] == [after]
    assert (blocks.waiting().count, found()) == (0, set())


def test_an_entry_is_not_sealed_inside_its_own_transaction(app):
    with transaction():
        enter("a")
        assert seal() is None


def test_what_a_restore_brought_from_a_server_that_was_further_on_is_sealed_at_once(app):
    (old,) = write("old")
    tamper("UPDATE ledger_entries SET tx = '9000000000'", "UPDATE ledger_unsealed SET tx = '9000000000'")
    (new,) = write("new")
    seal_all()
    assert sealed_ids() == [[new, old]]
    (later,) = write("later")
    seal_all()
    assert sealed_ids()[1:] == [[later]]
    assert not found()


def test_a_second_sealer_waits_for_the_first_and_goes_on_behind_it(app):
    write("a", "b")

    def seal_one():
        with app.app_context(), transaction():
            return seal(most=1)

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            first = seal(most=1)
            second = pool.submit(seal_one)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)
        assert second.result(timeout=10).previous == first.hash


def test_many_sealers_at_once_make_one_chain(app):
    written = write(*(f"k{number}" for number in range(40)))

    def one(_number):
        with app.app_context():
            return len(seal_all(most=3))

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(6))) == 14
    assert list(chain(*sealed_ids())) == written
    assert not found()


@pytest.fixture
def two_blocks(app):
    for key in "ab":
        write(key)
        seal_all()
    with transaction():
        heads.announce()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_blocks SET entries = 1",
        "DELETE FROM ledger_blocks",
        "TRUNCATE ledger_blocks",
        "UPDATE ledger_heads SET number = 7",
        "DELETE FROM ledger_heads",
        "TRUNCATE ledger_heads",
        "TRUNCATE ledger_unsealed",
    ],
)
def test_nobody_rewrites_the_chain(two_blocks, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        rows(statement)


@pytest.mark.parametrize(
    ("number", "previous", "total"),
    [(4, "hash", 3), (2, "hash", 3), (3, "previous", 3), (3, "sha256('x')", 3), (3, "hash", 4)],
)
def test_a_block_follows_the_head_or_is_refused(two_blocks, number, previous, total):
    with pytest.raises(DBAPIError, match="does not follow"):
        rows(
            f"INSERT INTO ledger_blocks SELECT {number}, {previous}, sha256('y'), entries, {total}, entry_ids, digests,"
            " sealed_at FROM ledger_blocks WHERE number = 2"
        )


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("number", "0", "numbered_from_one"),
        ("entries", "2", "counted"),
        ("entry_ids", "entry_ids || entry_ids", "counted"),
        ("digests", "digests || digests", "counted"),
        ("hash", "substr(hash, 2)", "sha256"),
        ("previous", "substr(previous, 2)", "sha256"),
        ("sealed_at", "sealed_at + interval '1 ms'", "whole_second"),
    ],
)
def test_a_block_of_the_wrong_form_is_refused_whoever_writes_it(two_blocks, column, value, rule):
    with pytest.raises(DBAPIError, match=f"ck_ledger_blocks_{rule}"):
        tamper(f"UPDATE ledger_blocks SET {column} = {value} WHERE number = 2")


def test_the_head_is_announced_once_a_day_and_only_when_there_is_news(app, clock):
    def announce():
        with transaction():
            told = heads.announce()
        return told and heads.announced(told).number

    def write_and_seal(key):
        write(key)
        seal_all()

    write_and_seal("a")
    assert [announce(), announce()] == [1, None]
    write_and_seal("b")
    assert announce() is None
    clock.advance(days=1)
    assert [announce(), announce()] == [2, None]
    clock.advance(days=1)
    assert announce() is None
    write_and_seal("c")
    assert announce() == 3
    assert heads.last_announced().hash == blocks.head().hash
    told = rows("SELECT data ->> 'number' AS number FROM events WHERE name = 'head.announced' ORDER BY seq")
    assert [row.number for row in told] == ["1", "2", "3"]


def test_before_the_first_block_there_is_no_head_to_tell(app):
    with transaction():
        assert heads.announce() is None
    assert blocks.head() is None


def test_the_jobs_seal_and_announce(app):
    write("a")
    jobs.seal()
    jobs.announce_head()
    assert heads.last_announced().number == blocks.head().number == 1
