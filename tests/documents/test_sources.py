"""No kind of entry is forgotten: what moves held money or an agency's balance is told, or named as not told."""

from marketplace.billing.documents.wording import LINES
from marketplace.ledger import Account
from marketplace.ledger.rules import RULES
from marketplace.orders.invoicing import sources


def kinds_of(account, sides=("debits", "credits")):
    return {kind for kind, rule in RULES.items() if any(account in getattr(rule, side) for side in sides)}


def test_each_kind_that_moves_held_money_stands_on_a_document():
    by_hand = set(sources.BY_HAND)
    assert kinds_of(Account.HELD, ["credits"]) - by_hand == set(sources.SOLD)
    assert kinds_of(Account.HELD, ["debits"]) - by_hand == {*sources.GIVEN_BACK, sources.RELEASED}


def test_each_kind_that_an_agency_earns_or_loses_by_stands_on_a_document():
    moves_inside = {"reserve_release", "payout_reserve", "payout_void", "payout_return", "write_off"}
    told = {sources.RELEASED, sources.AWARDED, sources.TAKEN_BACK}
    found = {kind for account in sources.AGENCY for kind in kinds_of(account)}
    assert found - set(sources.BY_HAND) - moves_inside == told


def test_each_kind_of_line_has_its_words():
    on_statements = kinds_of(Account.SUPPLIER_PAYABLE)
    assert {*sources.SOLD, *sources.GIVEN_BACK, *on_statements, "topup"} <= set(LINES)
    assert set(LINES) <= set(RULES)
