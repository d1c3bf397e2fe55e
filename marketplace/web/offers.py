"""What a buyer must know before the click: the price, what is left in the wallet, how long it is held, what hinders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from marketplace import billing, catalog
from marketplace.billing.errors import DebtDue
from marketplace.billing.rules import LEAST, MOST_A_DAY
from marketplace.catalog import CommissionTerms
from marketplace.catalog.wording import terms_in_words
from marketplace.kit import clock
from marketplace.kit.errors import Refusal
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.market import MaskedLead
from marketplace.orders import intents
from marketplace.orders.errors import NotReady, NotVerified
from marketplace.orders.sales import prepaid
from marketplace.orders.sales import queries as sales
from marketplace.orders.sales.errors import CommissionDue, PrepaidOnly, ReportsOverdue
from marketplace.people import Power, Who
from marketplace.quality import scores
from marketplace.quality.scores import Told
from marketplace.quality.temperature import Measured, measured_of


@dataclass(frozen=True, slots=True)
class Purse:
    """What a buyer can spend, seen beside a price.

    Attributes:
        owed: what the next top-up pays first.
        missing: how much too little there is, or None.
        is_short: whether money must come in before anything is bought; needed: how much.
        top_up: the smallest top-up that would be enough.
        over_cap: the most that a wallet takes in a day, where that top-up would be more; or None.
        left_after: what is left of that one when debt and price are paid.
    """

    available: Money
    price: Money
    owed: Money

    @property
    def left(self) -> Money:
        return self.available - self.price

    @property
    def missing(self) -> Money | None:
        return None if self.left.amount >= 0 else Money(-self.left.amount, self.price.currency)

    @property
    def is_short(self) -> bool:
        return bool(self.missing or self.owed.amount)

    @property
    def needed(self) -> Money:
        return self.owed + (self.missing or Money(0, self.price.currency))

    @property
    def top_up(self) -> Money:
        return Money(max(LEAST, self.needed.amount), self.price.currency)

    @property
    def over_cap(self) -> Money | None:
        most = Money(MOST_A_DAY, self.price.currency)
        return most if self.top_up.amount > most.amount else None

    @property
    def left_after(self) -> Money:
        return self.top_up - self.needed


@dataclass(frozen=True, slots=True)
class Offer:
    """One lead as it can be bought now. `key` goes into the form: the same key twice is one purchase.

    `can_pay` says whether the reader may use a card for the organisation.
    """

    masked: MaskedLead
    purse: Purse
    until: datetime
    key: UUID
    hindrance: Refusal | None
    can_pay: bool

    @property
    def score(self) -> Told:
        """The chances of the lead with their reasons."""
        return scores.told_of(self.masked.lead)

    @property
    def warmth(self) -> Measured:
        """How warm leads of its listing and channel turned out."""
        return measured_of(self.masked.lead)

    @property
    def per_sale(self) -> CommissionTerms | None:
        """What each sale costs; None where the lead has a price."""
        return self.masked.listing.per_sale

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The same as names and words."""
        return terms_in_words(self.per_sale, self.masked.price.currency) if self.per_sale else []

    @property
    def report_due(self) -> datetime:
        """By when a sale, or that there was none, is to be reported if it is bought now."""
        return clock.now() + timedelta(days=self.per_sale.report_days if self.per_sale else 0)

    @property
    def can_buy(self) -> bool:
        return self.hindrance is None and not self.purse.is_short


@dataclass(frozen=True, slots=True)
class Basket:
    """Several leads to be bought in one go; `gone` of those chosen are on sale no more."""

    items: Sequence[MaskedLead]
    purse: Purse
    gone: int
    key: UUID
    hindrance: Refusal | None


def offer_of(who: Who, masked: MaskedLead) -> Offer:
    """The lead with everything that the button says."""
    return Offer(
        masked=masked,
        purse=purse_of(who, masked.price, is_deposit=masked.listing.per_sale is not None),
        until=clock.now() + timedelta(days=masked.listing.window_days),
        key=uuid4(),
        hindrance=hindrance(who, masked),
        can_pay=who.can(Power.WALLET_WRITE),
    )


def basket_of(who: Who, items: Sequence[MaskedLead], chosen: int, currency: str) -> Basket:
    """The leads with a price in one currency out of those chosen, with their sum of today."""
    fitting = [item for item in items if item.price.currency == currency and not item.listing.per_sale]
    total = Money(sum(item.price.amount for item in fitting), currency)
    return Basket(fitting, purse_of(who, total), chosen - len(fitting), uuid4(), _debt(who, currency))


def purse_of(who: Who, price: Money, *, is_deposit: bool = False) -> Purse:
    """The wallet beside a price."""
    there = intents.spendable_for(who, price.currency, is_deposit=is_deposit)
    owed = intents.owed_for(who, price.currency)
    return Purse(Money(there, price.currency), price, Money(owed, price.currency))


def available(who: Who, currency: str) -> Money:
    """What the buyer can spend now."""
    return Money(intents.spendable_for(who, currency), currency)


def hindrance(who: Who, masked: MaskedLead) -> Refusal | None:
    """What would refuse this purchase whatever the wallet holds, as far as it can be told before."""
    if not (who.is_confirmed and who.has_terms):
        return NotReady()
    if not who.is_verified and catalog.vertical(masked.lead.vertical).is_sensitive:
        return NotVerified()
    if debt := _debt(who, masked.price.currency):
        return debt
    if sales.is_stopped(who):
        return CommissionDue()
    if masked.listing.per_sale and prepaid.is_prepaid(who.org_id):
        return PrepaidOnly()
    return ReportsOverdue() if masked.listing.per_sale and sales.is_overdue(who) else None


def _debt(who: Who, currency: str) -> Refusal | None:
    """One that no top-up in this currency repays; what is owed in it stands in the purse."""
    return owing([each for each in billing.debts_for(who) if each.currency != currency])


def owing(debts: Sequence[Money]) -> Refusal | None:
    """That so much is owed, and what repays it; None where nothing is."""
    sums = ", ".join(map(str, debts))
    words = _(
        "You owe us %(owed)s. A top-up in the same currency repays that first; until then you cannot buy.", owed=sums
    )
    return DebtDue(words) if debts else None


def may_buy(who: Who) -> bool:
    """Whether the role allows to spend."""
    return who.can(Power.ORDERS_WRITE)
