"""Entries, and the chain into which they are sealed."""

import time

from sqlalchemy import text

from marketplace import ledger
from marketplace.events import SYSTEM
from marketplace.kit import invariants
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.ledger import Account, credit, debit
from marketplace.ledger.blocks import seal

BUYER = new_id()


def enter(name, cents=10_00):
    """One entry that concerns the ledger alone; its id."""
    lines = [debit(Account.GOODWILL_EXPENSE, cents), credit(Account.WALLET_CASH, cents, BUYER)]
    key = f"adjustment:{name}"
    return ledger.post("adjustment", key=key, reference=BUYER, currency="USD", lines=lines, by=SYSTEM)


def write(*names):
    """Each entry in a transaction of its own; afterwards nothing older runs that would keep them from being sealed."""
    found = []
    for name in names:
        with transaction():
            found.append(enter(name))
    wait_for_others()
    return found


def seal_all(most=1_000):
    """Everything that was written before. Tests share one server, whose transaction numbers are one sequence."""
    wait_for_others()
    made = []
    while True:
        with transaction():
            block = seal(most)
        if block is None:
            return made
        made.append(block)


def wait_for_others():
    """Until the transactions of other tests' databases that run now have ended; what is newer stops no seal."""
    running = "SELECT pid, backend_xid::text FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname <> :own"
    own = rows("SELECT current_database()")[0][0]
    now, until = set(rows(running, own=own)), time.monotonic() + 30
    while now & set(rows(running, own=own)) and time.monotonic() < until:
        time.sleep(0.01)


def rows(statement, **values):
    with transaction():
        return session().execute(text(statement), values).all()


def found():
    """What I5 says, by its own words."""
    (finding,) = [each for each in invariants.run(ledger.INVARIANTS) if each.code == "I5"]
    return {row["found"] for row in finding.rows}


def tamper(*statements):
    """As somebody would who may switch triggers off."""
    with transaction():
        session().execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            session().execute(text(statement))
