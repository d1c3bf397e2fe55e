"""What Stripe's objects are to us: only what we use of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marketplace.kit.money import Money


@dataclass(frozen=True, slots=True)
class CheckoutAsk:
    """What a hosted checkout page is wanted for."""

    top_up_id: UUID
    amount: Money
    label: str
    back_url: str
    cancel_url: str
    expires_at: datetime
    needs_3ds: bool


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout page as Stripe knows it. `payment` is the payment's id once there is one.

    `top_up_id` is what we wrote on it when it was opened: None on a page that is not ours.
    """

    id: str
    top_up_id: UUID | None
    url: str | None
    is_paid: bool
    is_expired: bool
    amount: Money
    payment: str | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """Stripe's own account of a movement (a balance transaction): `fee` is what it kept of `amount`, in minor units.

    `amount` is signed as Stripe signs it: what came in is positive.
    """

    id: str
    amount: Money
    fee: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment with its settlement, None while Stripe has not accounted for it."""

    id: str
    settlement: Settlement | None
