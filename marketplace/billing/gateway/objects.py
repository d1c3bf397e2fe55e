"""What Stripe's objects are to us: only what we use of them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from marketplace.kit.money import Money


@dataclass(frozen=True, slots=True)
class Payer:
    """The buyer whose top-up a payment is, and the person who asked for it: what we write on it beside the top-up."""

    org_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class CheckoutAsk:
    """What a hosted checkout page is wanted for."""

    top_up_id: UUID
    payer: Payer
    amount: Money
    label: str
    back_url: str
    cancel_url: str
    expires_at: datetime
    needs_3ds: bool


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

    `is_answered`: evidence was submitted, and the bank waits for no other.

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
class SeenCard:
    """What is known of a card. `method` is the name under which it can be charged again, if it is saved.

    `fingerprint` is Stripe's: the same for the same number, whoever uses it.
    """

    method: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    fingerprint: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CustomerAsk:
    """Which organisation Stripe is to know as a customer. `since`: it was not asked for before."""

    org_id: UUID
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """An organisation as Stripe knows it; `org_id` is what we wrote on it."""

    id: str
    org_id: UUID | None


@dataclass(frozen=True, slots=True)
class CardPageAsk:
    """What a page that saves a card is wanted for."""

    setup_id: UUID
    customer: str
    back_url: str
    cancel_url: str
    expires_at: datetime
    needs_3ds: bool


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page that saves a card, as Stripe knows it; `card` is the one that was saved, `customer` with whom.

    `setup_id` is what we wrote on it. `id` is None where it was found by the intent behind the page. `is_closed`: no
    card can be entered there any more.
    """

    id: str | None
    setup_id: UUID | None
    url: str | None
    customer: str | None
    card: SeenCard | None
    is_closed: bool


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card with the customer that it is saved with; None when Stripe has forgotten it."""

    customer: str | None
    card: SeenCard


@dataclass(frozen=True, slots=True)
class ChargeAsk:
    """What a saved card is to pay while its owner is away. `since`: it was not asked for before."""

    top_up_id: UUID
    payer: Payer
    amount: Money
    customer: str
    method: str
    label: str
    since: datetime


class PaymentState(StrEnum):
    """Where a payment is: it waits for a card, for an answer of the card's owner, for the bank, or has ended."""

    WAITING = "waiting"
    ASKING = "asking"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment with its settlement, None while Stripe has not accounted for it.

    `top_up_id` and `payer` are what we wrote on it. `failure` is Stripe's word for why the last attempt failed, empty
    when none did.
    """

    id: str
    settlement: Settlement | None
    state: PaymentState = PaymentState.SUCCEEDED
    top_up_id: UUID | None = None
    received: Money | None = None
    card: SeenCard | None = None
    failure: str = ""
    payer: Payer | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout page as Stripe knows it. `payment` is the payment's id once there is one, `attempt` how it stands.

    `top_up_id` and `payer` are what we wrote on it when it was opened: None on a page that is not ours.
    """

    id: str
    top_up_id: UUID | None
    url: str | None
    is_paid: bool
    is_expired: bool
    amount: Money
    payment: str | None
    attempt: Payment | None = None
    payer: Payer | None = None


@dataclass(frozen=True, slots=True)
class RefundAsk:
    """What is to go back to the card of a payment."""

    card_refund_id: UUID
    payment: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back to a card. `settlement`: it has left our balance; `returned`: it came back into it."""

    id: str
    card_refund_id: UUID | None
    payment: str | None
    amount: Money
    is_done: bool
    is_failed: bool
    failure: str = ""
    settlement: Settlement | None = None
    returned: Settlement | None = None

    @property
    def has_left(self) -> bool:
        """Whether the money was taken out of our balance, whatever happened to it afterwards."""
        return self.is_done or self.settlement is not None
