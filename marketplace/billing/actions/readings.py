"""Stripe's list of movements, kept beside our books, and what Stripe says that we have."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.billing.gateway import BalanceLine as Found
from marketplace.billing.models import BalanceLine, BalanceReading
from marketplace.kit import clock
from marketplace.kit.db import session

#: movements may be listed a little late
_OVERLAP = timedelta(hours=1)


def read_from() -> datetime | None:
    """From when on Stripe's list is to be read; None for all of it."""
    reached = session().scalar(select(func.max(BalanceReading.reached_at)))
    return reached - _OVERLAP if reached else None


def keep_lines(found: Iterable[Found]) -> None:
    """Keep movements; what is kept already stays as it was."""
    for line in found:
        values = {
            "id": line.id,
            "kind": line.kind,
            "source": line.source,
            "net_cents": line.net.amount,
            "fee_cents": line.fee,
            "currency": line.net.currency,
            "at": line.at,
        }
        session().execute(insert(BalanceLine).values(**values).on_conflict_do_nothing())


def keep_reading(at_stripe: Mapping[str, int], available: Mapping[str, int]) -> None:
    """Write down what Stripe says that we have, after all its movements up to then were kept."""
    sums = select(BalanceLine.currency, func.sum(BalanceLine.net_cents)).group_by(BalanceLine.currency)
    of_lines = {currency: int(cents) for currency, cents in session().execute(sums)}
    reached = session().scalar(select(func.max(BalanceLine.at)))
    if reached is None:
        return
    for currency in of_lines.keys() | {each for each, cents in at_stripe.items() if cents}:
        values = {
            "at_stripe_cents": at_stripe.get(currency, 0),
            "available_cents": available.get(currency, 0),
            "of_lines_cents": of_lines.get(currency, 0),
            "reached_at": reached,
            "read_at": clock.now(),
        }
        row = insert(BalanceReading).values(currency=currency, **values)
        session().execute(row.on_conflict_do_update(index_elements=["currency"], set_=values))
