"""What an agency has earned, always for somebody."""

from marketplace import ledger
from marketplace.billing.queries.wallets import DEFAULT_CURRENCY
from marketplace.kit.paging import Ask, Page
from marketplace.ledger import Account, StatementLine
from marketplace.people import Power, Who


def payable_for(who: Who, currency: str) -> int:
    """What an agency has earned and not been paid yet, in minor units."""
    who.need(Power.BALANCE_READ)
    return ledger.balance(Account.SUPPLIER_PAYABLE, who.org_id, currency)


def balance_currencies(who: Who) -> list[str]:
    """The currencies an agency has earned in, the default one when there is none yet."""
    return list(ledger.currencies(Account.SUPPLIER_PAYABLE, who.org_id)) or [DEFAULT_CURRENCY]


def balance_statement(who: Who, currency: str, ask: Ask) -> Page[StatementLine]:
    """An agency's earnings line by line, newest first."""
    who.need(Power.BALANCE_READ)
    return ledger.statement(Account.SUPPLIER_PAYABLE, who.org_id, currency, ask)
