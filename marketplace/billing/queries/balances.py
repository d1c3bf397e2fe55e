"""What an agency has earned, always for somebody."""

from marketplace import ledger
from marketplace.billing.queries.wallets import DEFAULT_CURRENCY
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page
from marketplace.ledger import Account, StatementLine
from marketplace.people import Power, Who


def payable_for(who: Who, currency: str) -> int:
    """What an agency has earned and not been paid yet, in minor units."""
    who.need(Power.BALANCE_READ)
    return ledger.balance(Account.SUPPLIER_PAYABLE, who.org_id, currency)


def payable_balances(who: Who) -> list[Money]:
    """What an agency has earned and was not paid yet in each currency, nothing in the default one if it has none."""
    who.need(Power.BALANCE_READ)
    return _balances(who)


def balance_currencies(who: Who) -> list[str]:
    """The currencies an agency has earned in, the default one when there is none yet."""
    return [each.currency for each in _balances(who)]


def _balances(who: Who) -> list[Money]:
    return ledger.balances(Account.SUPPLIER_PAYABLE, who.org_id) or [Money(0, DEFAULT_CURRENCY)]


def balance_statement(who: Who, currency: str, ask: Ask) -> Page[StatementLine]:
    """An agency's earnings line by line, newest first."""
    who.need(Power.BALANCE_READ)
    return ledger.statement(Account.SUPPLIER_PAYABLE, who.org_id, currency, ask)
