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
class BankDispute:
    """A payment that its payer disputes at the bank, as Stripe knows it; `status` is Stripe's word.

    `settlements` are what it has moved so far: negative when the bank took the money, positive when it came back.
    """

    id: str
    payment: str
    amount: Money
    status: str
    reason: str
    answer_by: datetime | None
    is_answered: bool
    settlements: tuple[Settlement, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment with its settlement, None while Stripe has not accounted for it."""

    id: str
    settlement: Settlement | None
