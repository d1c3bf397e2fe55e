"""The posting rules: one table in code, the same in the database, and nothing gets past it."""

import pytest
from sqlalchemy import text

from marketplace import ledger
from marketplace.events import SYSTEM
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.ledger import Account, chart, credit, debit
from marketplace.ledger.errors import AgainstTheRules
from marketplace.ledger.models import LedgerKind, LedgerRule
from marketplace.ledger.rules import RULES
from tests.ledger.test_actions import broken


def test_the_database_knows_the_same_chart(app):
    kinds = {kind.kind: (kind.sign, kind.is_guarded) for kind in session().query(LedgerKind)}
    assert kinds == {account.value: (nature.sign, nature.is_guarded) for account, nature in chart.items()}


def test_the_database_knows_the_same_rules(app):
    told = {(rule.entry_kind, rule.side, rule.account_kind) for rule in session().query(LedgerRule)}
    assert told == {
        (kind, side, account.value)
        for kind, rule in RULES.items()
        for side, accounts in (("debit", rule.debits), ("credit", rule.credits))
        for account in accounts
    }


@pytest.mark.parametrize(
    ("kind", "key", "into"),
    [
        ("topup", "pi:1:credit", Account.HELD),  # a side that the kind does not have
        ("topup", "order:1:hold", Account.WALLET_CASH),  # another kind's key
        ("gift", "pi:1:credit", Account.WALLET_CASH),  # no kind at all
    ],
)
def test_what_does_not_fit_its_rule_is_not_written(app, kind, key, into):
    lines = [debit(Account.STRIPE_CLEARING, 10), credit(into, 10, new_id())]
    with pytest.raises(AgainstTheRules), transaction():
        ledger.post(kind, key=key, reference=new_id(), currency="USD", lines=lines, by=SYSTEM)


def test_what_got_around_the_rules_is_found(app):
    with transaction():
        session().execute(
            text(
                "SELECT ledger_post(gen_random_uuid(), 'pi:1:credit', 'topup', gen_random_uuid(), 'USD', NULL, now(),"
                " ARRAY['fee_revenue', 'wallet_cash'], ARRAY[NULL, gen_random_uuid()], ARRAY[5, -5]::bigint[])"
            )
        )
    assert broken() == {"I6"}


def test_every_account_and_every_kind_has_a_name():
    assert set(ledger.ACCOUNT_NAMES) == set(Account)
    assert set(ledger.ENTRY_NAMES) == set(RULES)
