"""Booking Stripe's own accounts of movements: what was on its way empties into our balance and the fee."""

from uuid import UUID

from marketplace.billing.errors import WrongCharge
from marketplace.billing.gateway import Settlement
from marketplace.events import SYSTEM
from marketplace.kit.money import Money
from marketplace.ledger import Account, Line, post


def book(kind: str, settlement: Settlement, *, about: UUID, expected: Money) -> None:
    """Post a balance transaction; the same one again changes nothing.

    Args:
        kind: of the entry: `charge_settle`, `refund_settle` ...
        about: the row whose money it is.
        expected: what must have moved, signed as Stripe signs it.

    Raises:
        WrongCharge: Stripe's account is about another amount or currency.
    """
    if settlement.amount != expected:
        raise WrongCharge(str(about))
    amount, fee = settlement.amount.amount, settlement.fee
    post(
        kind,
        key=f"txn:{settlement.id}",
        reference=about,
        currency=expected.currency,
        lines=[
            Line(Account.STRIPE_BALANCE, amount - fee),
            Line(Account.PROCESSING_FEE, fee),
            Line(Account.STRIPE_CLEARING, -amount),
        ],
        by=SYSTEM,
    )
