"""Every guard of the database that money stands on: what it refuses, and what would tell if it were gone.

`drop` takes it away, `violation` is what it refuses, `seen` are the invariants that find what got in without it. Where
that is empty the guard is the only thing between us and the harm: nothing that is stored afterwards tells of it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    name: str
    drop: str
    violation: str
    seen: frozenset[str] = frozenset()


def _trigger(name: str, table: str, violation: str, *seen: str) -> Guard:
    return Guard(f"{table}.{name}", f"DROP TRIGGER {name} ON {table}", violation, frozenset(seen))


def _constraint(name: str, table: str, violation: str, *seen: str) -> Guard:
    return Guard(name, f"ALTER TABLE {table} DROP CONSTRAINT {name}", violation, frozenset(seen))


def _index(name: str, table: str, violation: str, *seen: str) -> Guard:
    return Guard(f"{table}.{name}", f"DROP INDEX {name}", violation, frozenset(seen))


_WALLET = "(SELECT owner_id FROM ledger_accounts WHERE kind = 'wallet_cash' LIMIT 1)"
_ENTRY = "(SELECT id FROM ledger_entries WHERE kind = 'topup' LIMIT 1)"
_CASH = "(SELECT id FROM ledger_accounts WHERE kind = 'wallet_cash' LIMIT 1)"


_STAFF = "(SELECT id FROM organisations WHERE kind = 'staff' LIMIT 1)"
_REOPEN = "UPDATE proposals SET state = 'open', decided_at = NULL, subject_id = id"
_NEW = "'00000000-0000-7000-8000-000000000001'"


def _post(key: str, kind: str, accounts: str, owners: str, amounts: str) -> str:
    return (
        f"SELECT ledger_post(gen_random_uuid(), '{key}', '{kind}', gen_random_uuid(), 'USD', NULL, now(),"
        f" ARRAY[{accounts}], ARRAY[{owners}]::uuid[], ARRAY[{amounts}]::bigint[])"
    )


def _twin(table: str, **instead: str) -> str:
    """One row once more, with a few columns of its own."""
    given = ", ".join(f"'{name}', {value}" for name, value in {"id": "gen_random_uuid()", **instead}.items())
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object({given}))).* FROM {table} t LIMIT 1"
    )


GUARDS = (
    # the ledger: balanced, unchangeable, never below zero
    _trigger(
        "balances", "ledger_entries",
        _post("adjustment:x", "adjustment", "'wallet_cash', 'fee_revenue'", f"{_WALLET}, NULL", "100, -99"),
        "I1", "I2",
    ),
    _constraint(
        "ck_ledger_accounts_never_negative", "ledger_accounts",
        _post("adjustment:x", "adjustment", "'wallet_cash', 'fee_revenue'", f"{_WALLET}, NULL", "99999999, -99999999"),
        "I4",
    ),
    _trigger("append_only", "ledger_postings", "UPDATE ledger_postings SET amount = amount * 2", "I3", "I5"),
    _trigger("append_only", "ledger_entries", "UPDATE ledger_entries SET kind = 'x' WHERE kind = 'topup'", "I5", "I6"),
    _trigger("not_emptied", "ledger_postings", "TRUNCATE ledger_postings", "I1", "I3", "I5"),
    _trigger("by_postings_only", "ledger_accounts", f"UPDATE ledger_accounts SET balance = 1 WHERE id = {_CASH}", "I3"),
    _trigger("never_removed", "ledger_accounts", "DELETE FROM ledger_accounts WHERE kind = 'suspense'"),
    _trigger(
        "same_transaction", "ledger_postings",
        "INSERT INTO ledger_postings (entry_id, account_id, amount)"
        f" VALUES ({_ENTRY}, {_CASH}, 5), ({_ENTRY}, {_CASH}, -5)",
        "I5",
    ),
    _constraint(
        "uq_ledger_entries_key", "ledger_entries",
        f"{_twin('ledger_entries', id=_NEW, tx='pg_current_xact_id()')}; INSERT INTO ledger_postings"
        f" (entry_id, account_id, amount) VALUES ({_NEW}, {_CASH}, 5), ({_NEW}, {_CASH}, -5)",
        "I6",
    ),
    # orders: sold once, given back once
    _constraint("uq_orders_lead_id_slot", "orders", _twin("orders", buyer_id=_STAFF), "I12"),
    _constraint("uq_orders_lead_id_buyer_id", "orders", _twin("orders", slot="2"), "I12"),
    _constraint("ck_orders_refunded", "orders", "UPDATE orders SET refunded_cents = -1", "I8"),
    _constraint("ck_orders_charged_back", "orders", "UPDATE orders SET charged_back_cents = -1", "I8", "I9"),
    _constraint("ck_orders_clawed_back", "orders", "UPDATE orders SET clawed_back_cents = price_cents + 1"),
    _trigger("moves", "orders", "UPDATE orders SET state = 'refunded'", "I7", "I8"),
    _trigger("append_only", "order_promos", "UPDATE order_promos SET cents = cents + 1", "I15"),
    # Stripe and staff: each thing once, and by two
    _constraint("uq_stripe_calls_key", "stripe_calls", _twin("stripe_calls")),
    _constraint("uq_stripe_events_stripe_id", "stripe_events", _twin("stripe_events")),
    _constraint("ck_proposals_second_person", "proposals", "UPDATE proposals SET decided_by = proposed_by"),
    _constraint("ck_proposals_alone", "proposals", "UPDATE proposals SET decided_by = NULL, kind = 'adjustment'"),
    _index("uq_proposals_one_open", "proposals", f"{_REOPEN}; {_twin('proposals')}"),
)  # fmt: skip
