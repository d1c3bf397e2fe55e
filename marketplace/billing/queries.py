"""Reading top-ups and wallets, always for somebody."""

from uuid import UUID

from sqlalchemy import select

from marketplace import ledger
from marketplace.billing.models import TopUp
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page
from marketplace.ledger import Account, StatementLine
from marketplace.people import Power, Who

DEFAULT_CURRENCY = "USD"


def find_for(who: Who, top_up_id: UUID) -> TopUp:
    """A buyer's own top-up. Raises NotFound, Forbidden."""
    who.need(Power.WALLET_READ)
    top_up = session().scalar(select(TopUp).where(TopUp.id == top_up_id, TopUp.org_id == who.org_id))
    if top_up is None:
        raise NotFound
    return top_up


def available_for(who: Who, currency: str) -> int:
    """What a buyer can spend now, in minor units."""
    who.need(Power.WALLET_READ)
    return ledger.balance(Account.WALLET_CASH, who.org_id, currency)


def wallet_currencies(who: Who) -> list[str]:
    """The currencies a buyer has money in, the default one when there is none yet."""
    return list(ledger.currencies(Account.WALLET_CASH, who.org_id)) or [DEFAULT_CURRENCY]


def wallet_statement(who: Who, currency: str, ask: Ask) -> Page[StatementLine]:
    """A buyer's wallet line by line, newest first."""
    who.need(Power.WALLET_READ)
    return ledger.statement(Account.WALLET_CASH, who.org_id, currency, ask)


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
