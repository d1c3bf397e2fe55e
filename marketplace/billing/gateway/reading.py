"""Reading fields of Stripe's objects."""

from typing import Any
from uuid import UUID

from marketplace.billing.gateway.objects import Settlement
from marketplace.kit.money import Money


def id_of(value: Any) -> str | None:
    """The id of an object that comes as itself or as its id alone."""
    return value.get("id") if isinstance(value, dict) else value


def money_of(amount: int | None, currency: str | None) -> Money:
    return Money(amount or 0, (currency or "").upper())


def uuid_of(text: str | None) -> UUID | None:
    """One of our ids as we wrote it on an object of Stripe's; None for anything else."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def settlement_of(transaction: Any) -> Settlement | None:
    """An expanded balance transaction; None while there is only an id, or nothing yet."""
    if not isinstance(transaction, dict):
        return None
    return Settlement(
        transaction["id"], money_of(transaction["amount"], transaction["currency"]), int(transaction["fee"])
    )
