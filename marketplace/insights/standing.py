"""Where all money stands now: what we have, what of it belongs to whom, and what still waits for Stripe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from marketplace.billing.models import TopUp
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.ledger import Account, Class, chart
from marketplace.ledger.models import LedgerAccount, LedgerPosting
from marketplace.people import Power, Who


@dataclass(frozen=True, slots=True)
class Standing:
    """The accounts of one currency that were ever used, added up by their kind; `have` - `owe` = `ours`, always."""

    currency: str
    accounts: Mapping[Account, Money]

    @property
    def have(self) -> Money:
        return self._sum(Class.ASSET)

    @property
    def owe(self) -> Money:
        return self._sum(Class.LIABILITY)

    @property
    def ours(self) -> Money:
        """Fees taken, less what payments and losses cost us."""
        return self._sum(Class.INCOME) - self._sum(Class.EXPENSE)

    def _sum(self, of: Class) -> Money:
        cents = sum(amount.amount for account, amount in self.accounts.items() if chart[account].of == of)
        return Money(cents, self.currency)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not settled with Stripe yet: top-ups in the wallet without its account."""

    top_ups: Sequence[TopUp]


def standing_for(who: Who) -> list[Standing]:
    """Where money stands, one a currency in alphabetical order. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    sums: dict[str, dict[Account, Money]] = {}
    for kind, currency, cents in session().execute(_sums()):
        account = Account(kind)
        sums.setdefault(currency, {})[account] = Money(int(cents) * chart[account].sign, currency)
    return [Standing(currency, _in_order(found)) for currency, found in sorted(sums.items())]


def waiting_for(who: Who) -> Waiting:
    """What still waits for Stripe, top-ups oldest first, at most 50. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    unsettled = select(TopUp).where(TopUp.credited_at.is_not(None), TopUp.settled_at.is_(None))
    top_ups = session().scalars(unsettled.order_by(TopUp.credited_at).limit(50)).all()
    return Waiting(top_ups)


def _sums() -> Select[str, str, int]:
    return (
        select(LedgerAccount.kind, LedgerAccount.currency, func.sum(LedgerPosting.amount))
        .join(LedgerPosting, LedgerPosting.account_id == LedgerAccount.id)
        .group_by(LedgerAccount.kind, LedgerAccount.currency)
    )


def _in_order(found: Mapping[Account, Money]) -> dict[Account, Money]:
    return {account: found[account] for account in Account if account in found}
