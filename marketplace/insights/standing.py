"""Where all money stands now: what we have, what of it belongs to whom, and what still waits for Stripe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from marketplace.billing.models import StripeEvent, TopUp, TopUpState
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.ledger import Account, chart
from marketplace.ledger.models import LedgerAccount, LedgerPosting
from marketplace.people import Power, Who

_HAVE = (Account.STRIPE_BALANCE, Account.STRIPE_CLEARING)
_OWE = (Account.WALLET_CASH, Account.HELD, Account.SUPPLIER_PAYABLE, Account.SUPPLIER_RESERVE)
_COST = Account.PROCESSING_FEE


@dataclass(frozen=True, slots=True)
class Standing:
    """All accounts of one currency, added up by their kind; `have` - `owe` = `ours`, always."""

    currency: str
    accounts: Mapping[Account, Money]

    @property
    def have(self) -> Money:
        return self._sum(_HAVE)

    @property
    def owe(self) -> Money:
        return self._sum(_OWE)

    @property
    def ours(self) -> Money:
        """Fees taken, less what payments cost us."""
        return self.accounts[Account.FEE_REVENUE] - self.accounts[_COST]

    def _sum(self, kinds: Sequence[Account]) -> Money:
        return Money(sum(self.accounts[kind].amount for kind in kinds), self.currency)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not settled with Stripe yet: top-ups in the wallet without its account, webhooks nobody handled."""

    top_ups: Sequence[TopUp]
    webhooks: int
    oldest_webhook: datetime | None


def standing_for(who: Who) -> list[Standing]:
    """Where money stands, one a currency in alphabetical order. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    sums: dict[str, dict[Account, Money]] = {}
    for kind, currency, cents in session().execute(_sums()):
        account = Account(kind)
        sums.setdefault(currency, {})[account] = Money(int(cents) * chart[account].sign, currency)
    return [Standing(currency, _filled(found, currency)) for currency, found in sorted(sums.items())]


def waiting_for(who: Who) -> Waiting:
    """What still waits for Stripe, top-ups oldest first, at most 50. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    unsettled = select(TopUp).where(TopUp.state == TopUpState.SUCCEEDED, TopUp.settled_at.is_(None))
    top_ups = session().scalars(unsettled.order_by(TopUp.credited_at).limit(50)).all()
    events = select(func.count(), func.min(StripeEvent.received_at)).where(StripeEvent.handled_at.is_(None))
    webhooks, oldest = session().execute(events).one()
    return Waiting(top_ups, int(webhooks), oldest)


def _sums() -> Select[str, str, int]:
    return (
        select(LedgerAccount.kind, LedgerAccount.currency, func.sum(LedgerPosting.amount))
        .join(LedgerPosting, LedgerPosting.account_id == LedgerAccount.id)
        .group_by(LedgerAccount.kind, LedgerAccount.currency)
    )


def _filled(found: Mapping[Account, Money], currency: str) -> dict[Account, Money]:
    return {account: found.get(account, Money(0, currency)) for account in Account}
