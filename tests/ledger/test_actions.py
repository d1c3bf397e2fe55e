"""The ledger's promises, each tried against the real database."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace import ledger
from marketplace.events import SYSTEM
from marketplace.kit import invariants
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.kit.paging import Ask
from marketplace.ledger import Account, Overdrawn, credit, debit
from marketplace.ledger.errors import KeyReused

BUYER, ORDER = new_id(), new_id()


def top_up(cents: int, key: str = "pi:1:credit", buyer: UUID = BUYER) -> UUID:
    lines = [debit(Account.STRIPE_CLEARING, cents), credit(Account.WALLET_CASH, cents, buyer)]
    return ledger.post("topup", key=key, reference=buyer, currency="USD", lines=lines, by=SYSTEM)


def hold(cents: int, order: UUID = ORDER) -> UUID:
    lines = [debit(Account.WALLET_CASH, cents, BUYER), credit(Account.HELD, cents, order)]
    return ledger.post("hold", key=f"order:{order}:hold", reference=order, currency="USD", lines=lines, by=SYSTEM)


def wallet() -> int:
    return ledger.balance(Account.WALLET_CASH, BUYER, "USD")


def broken() -> set[str]:
    return {finding.code for finding in invariants.run(ledger.INVARIANTS) if not finding.holds}


def run(statement: str) -> None:
    with transaction():
        session().execute(text(statement))


def test_an_entry_moves_both_accounts(app: Flask):
    with transaction():
        top_up(50_00)
        hold(20_00)
    assert (wallet(), ledger.balance(Account.HELD, ORDER, "USD")) == (30_00, 20_00)
    assert ledger.balance(Account.STRIPE_CLEARING, None, "USD") == 50_00
    assert not broken()


def test_the_same_fact_twice_is_one_entry(app: Flask):
    with transaction():
        first = top_up(50_00)
    with transaction():
        assert top_up(50_00) == first
    assert wallet() == 50_00


def test_one_key_for_two_facts_is_refused(app: Flask):
    with transaction():
        top_up(50_00)
    with pytest.raises(KeyReused), transaction():
        top_up(60_00)
    assert wallet() == 50_00


def test_a_wallet_never_falls_below_zero(app: Flask):
    with transaction():
        top_up(10_00)
    with pytest.raises(Overdrawn), transaction():
        hold(10_01)
    assert wallet() == 10_00


def test_an_unbalanced_entry_does_not_commit(app: Flask):
    lines = [debit(Account.STRIPE_CLEARING, 10), credit(Account.WALLET_CASH, 9, BUYER)]
    with pytest.raises(DBAPIError, match="does not balance"), transaction():
        ledger.post("topup", key="pi:k:credit", reference=BUYER, currency="USD", lines=lines, by=SYSTEM)
    assert wallet() == 0


def test_an_entry_needs_two_postings(app: Flask):
    with pytest.raises(DBAPIError, match="does not balance"), transaction():
        ledger.post("topup", key="pi:k:credit", reference=BUYER, currency="USD", lines=[], by=SYSTEM)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET kind = 'gift'",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_postings SET amount = amount * 2",
        "DELETE FROM ledger_postings",
        "TRUNCATE ledger_postings",
        "UPDATE ledger_accounts SET balance = 1000000",
        "DELETE FROM ledger_accounts",
        "UPDATE events SET name = 'nothing.happened'",
        "DELETE FROM events",
    ],
)
def test_nobody_rewrites_history(app: Flask, statement: str):
    with transaction():
        top_up(50_00)
        session().execute(
            text(
                "INSERT INTO events (id, name, subject_id, org_ids, via, data, at)"
                " VALUES (gen_random_uuid(), 'a.b', gen_random_uuid(), '{}', 'system', '{}', now())"
            )
        )
    with pytest.raises(DBAPIError, match=r"append-only|with its postings only"):
        run(statement)
    assert wallet() == 50_00


def test_an_old_entry_takes_no_new_postings(app: Flask):
    with transaction():
        entry = top_up(50_00)
    add = f"INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT '{entry}', id, "
    with pytest.raises(DBAPIError, match="after its own transaction"), transaction():
        session().execute(text(add + "1 FROM ledger_accounts WHERE kind = 'stripe_clearing'"))


def test_parallel_debits_stop_where_the_money_ends(app: Flask):
    with transaction():
        top_up(50_00)

    def try_one(_number: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    hold(10_00, new_id())
            except Overdrawn:
                return False
            return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(try_one, range(20))) == 5
    assert wallet() == 0
    assert not broken()


def test_twins_in_parallel_write_one_entry(app: Flask):
    def twin(_number: int) -> UUID:
        with app.app_context(), transaction():
            return top_up(50_00)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(twin, range(16)))) == 1
    assert wallet() == 50_00


def test_posting_reads_its_own_accounts_only_however_many_there_are(app: Flask):
    with transaction():
        top_up(50_00)
        session().execute(
            text(
                "INSERT INTO ledger_accounts (kind, owner_id, currency, sign, is_guarded, balance)"
                " SELECT 'held', gen_random_uuid(), 'USD', -1, true, 0 FROM generate_series(1, 2000)"
            )
        )
        session().execute(text("ANALYZE ledger_accounts"))  # as autovacuum does by itself
    with transaction():
        before = accounts_read()
        hold(10_00, new_id())
        assert 0 < accounts_read() - before < 50


def accounts_read() -> int:
    """How many rows of accounts this transaction has read so far."""
    read = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'ledger_accounts'"
    return int(session().execute(text(read)).scalar_one())


def test_an_account_of_no_known_kind_is_refused(app: Flask):
    strange = "SELECT ledger_account('gifts', NULL, 'USD')"
    with pytest.raises(DBAPIError, match="no kind of account named gifts"):
        run(strange)


def test_a_statement_carries_the_balance_after_each_line(app: Flask):
    with transaction():
        top_up(50_00)
    with transaction():
        hold(20_00)
    lines = ledger.statement(Account.WALLET_CASH, BUYER, "USD", Ask()).items
    assert [(line.kind, line.amount, line.balance_after) for line in lines] == [
        ("hold", -20_00, 30_00),
        ("topup", 50_00, 50_00),
    ]


def test_a_statement_is_paged(app: Flask):
    for number in range(5):
        with transaction():
            top_up(1_00, f"pi:{number}:credit")
    first = ledger.statement(Account.WALLET_CASH, BUYER, "USD", Ask(limit=3))
    rest = ledger.statement(Account.WALLET_CASH, BUYER, "USD", Ask(first.next_cursor, 3))
    assert [line.balance_after for line in (*first.items, *rest.items)] == [5_00, 4_00, 3_00, 2_00, 1_00]
    assert rest.next_cursor is None


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE ledger_postings SET amount = amount + 1 WHERE amount > 0", {"I1", "I2", "I5"}),
        ("UPDATE ledger_postings SET amount = amount * 2", {"I3", "I5"}),
        ("UPDATE ledger_accounts SET balance = balance + 1 WHERE is_guarded", {"I3"}),
        ("UPDATE ledger_entries SET kind = 'gift'", {"I5"}),
        ("UPDATE ledger_entries SET key = ''", {"I5", "I6"}),
        ("DELETE FROM ledger_postings", {"I1", "I3", "I5"}),
    ],
)
def test_the_checks_see_what_triggers_would_have_refused(app: Flask, tampering: str, found: set[str]):
    with transaction():
        top_up(50_00)
    assert not broken()
    with transaction():
        session().execute(text("SET LOCAL session_replication_role = replica"))
        session().execute(text(tampering))
    assert found <= broken()


def test_the_database_knows_the_same_chart(app: Flask):
    rows = session().execute(text("SELECT kind, sign, is_guarded FROM ledger_kinds"))
    assert {row.kind: (row.sign, row.is_guarded) for row in rows} == {
        kind.value: (nature.sign, nature.is_guarded) for kind, nature in ledger.chart.items()
    }
