"""Our own money at Stripe, for staff: what may be swept, what was, and Stripe's list beside our books."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from marketplace import ledger
from marketplace.billing import payout_rules as rules
from marketplace.billing.models import BalanceLine, BalanceReading, Sweep
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page, page
from marketplace.ledger import Account, Class, chart
from marketplace.ledger.models import LedgerEntry
from marketplace.people import Power, Who

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Treasury:
    """One currency: what Stripe says we have beside what our books say, and what of it is our own."""

    reading: BalanceReading
    booked: Money
    owed: Money
    sweepable: Money

    @property
    def at_stripe(self) -> Money:
        """What Stripe said last that we have."""
        return Money(self.reading.at_stripe_cents, self.reading.currency)

    @property
    def available(self) -> Money:
        """What of it Stripe would have sent on that day."""
        return Money(self.reading.available_cents, self.reading.currency)

    @property
    def difference(self) -> Money:
        """What Stripe has more than our books; what is not accounted for yet explains it, or somebody must look."""
        return self.at_stripe - self.booked


def treasury_for(who: Who) -> list[Treasury]:
    """Every currency that was read at Stripe. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    found = session().scalars(select(BalanceReading).order_by(BalanceReading.currency))
    return [_of(reading) for reading in found]


def unmatched_for(who: Who) -> Sequence[BalanceLine]:
    """Movements that Stripe lists and that our books do not know, oldest first, at most 50. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    return unmatched()


def unmatched() -> Sequence[BalanceLine]:
    """The same for the product itself."""
    booked = select(LedgerEntry.id).where(LedgerEntry.key == func.concat("txn:", BalanceLine.id)).exists()
    return session().scalars(select(BalanceLine).where(~booked).order_by(BalanceLine.at).limit(_SHOWN)).all()


def sweeps_for(who: Who, ask: Ask) -> Page[Sweep]:
    """What was sent to our bank, newest first. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    return page(select(Sweep), ask, by=[Sweep.id], key=lambda sweep: [sweep.id])


def sweep_for(who: Who, sweep_id: UUID) -> Sweep:
    """One of them. Raises Forbidden, NotFound."""
    who.need(Power.LEDGER_READ)
    found = session().get(Sweep, sweep_id)
    if found is None:
        raise NotFound
    return found


def sweepable(currency: str) -> int:
    """What of our balance at Stripe is our own and may go to our bank, in minor units."""
    reading = session().get(BalanceReading, currency)
    if reading is None:
        return 0
    leaving = max(0, -ledger.balance(Account.STRIPE_CLEARING, None, currency))
    at_stripe = ledger.balance(Account.STRIPE_BALANCE, None, currency)
    return rules.sweepable(at_stripe, leaving, _owed(currency), reading.available_cents)


def _owed(currency: str) -> int:
    """Everything that belongs to others."""
    return sum(ledger.sum_of(account, currency) for account in chart if chart[account].of == Class.LIABILITY)


def _of(reading: BalanceReading) -> Treasury:
    currency = reading.currency
    return Treasury(
        reading=reading,
        booked=Money(ledger.balance(Account.STRIPE_BALANCE, None, currency), currency),
        owed=Money(_owed(currency), currency),
        sweepable=Money(sweepable(currency), currency),
    )
