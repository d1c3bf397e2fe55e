"""What the acts leave behind: top-ups, orders, deals, gifts, and what is under way."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.prove.cast import Actor, Listing, Named

#: how long a lead can be disputed
WINDOW = timedelta(days=7)


@dataclass(repr=False)
class TopUp(Named):
    """`url` is where the card is asked for, None while that is not known."""

    id: str
    buyer: Actor
    cents: int
    asked: timedelta
    url: str | None = None
    paid: timedelta | None = None
    is_credited: bool = False
    credited_at: timedelta = timedelta()
    is_settled: bool = False
    gone_back: int = 0
    charge_is_disputed: bool = False
    is_won: bool = False

    @property
    def is_paid(self) -> bool:
        return self.paid is not None

    def __repr__(self) -> str:
        return f"the top-up of {self.cents} by {self.buyer} at {self.asked}"


@dataclass
class Case:
    """A dispute. `percent` goes back as things stand; `appeals`: who has appealed, and whether that is open."""

    id: str
    opened: timedelta
    state: str = "open"
    decided: timedelta = timedelta()
    by_staff: bool = False
    first_percent: int = 0
    percent: int = 0
    appeals: dict[str, bool] = field(default_factory=dict)


@dataclass(repr=False)
class Order(Named):
    """A purchase with what happened to its money.

    `given`: what each gift paid; `gifts`: what is left of that in it; `frozen`: by which chargeback, and since when.
    """

    id: str
    buyer: Actor
    agency: Actor
    price: int
    placed: timedelta
    state: str = "held"
    refunded: int = 0
    charged_back: int = 0
    frozen: str | None = None
    frozen_since: timedelta = timedelta()
    given: dict[str, int] = field(default_factory=dict)
    gifts: dict[str, int] = field(default_factory=dict)
    reserve: int = 0
    reserve_until: timedelta | None = None
    taken_back: int = 0
    not_before: timedelta = timedelta()
    case: Case | None = None

    def __repr__(self) -> str:
        return f"the order of {self.price} by {self.buyer} from {self.agency} at {self.placed}, {self.state}"

    @property
    def releasable(self) -> timedelta:
        return max(self.placed + WINDOW, self.not_before)

    @property
    def left(self) -> int:
        """What neither went back to the buyer nor to its bank."""
        return self.price - self.refunded - self.charged_back - self.taken_back

    @property
    def paid(self) -> int:
        """What no bank has taken back."""
        return self.price - self.charged_back

    @property
    def held(self) -> int:
        return self.left if self.state in ("held", "disputed", "partly_refunded") else 0

    @property
    def held_cash(self) -> int:
        """Without what is promo money."""
        return self.held - sum(self.gifts.values()) if self.held else 0


@dataclass(repr=False)
class ByHand(Named):
    """An entry that staff had booked: lines as (account, owner, cents), debits positive."""

    entry_id: str
    lines: list[tuple[str, str | None, int]]

    @property
    def cents(self) -> int:
        return sum(cents for _account, _owner, cents in self.lines if cents > 0)

    def __repr__(self) -> str:
        return ", ".join(f"{account} {cents}" for account, _owner, cents in self.lines)


@dataclass
class Gift:
    """Promo money of a buyer."""

    id: str
    buyer: Actor
    ends: timedelta


@dataclass
class UnderWay:
    """A payout to an agency, or a part of a buyer's money on its way back to a card."""

    kind: str
    owner: Actor
    cents: int
    is_sent: bool = False


@dataclass
class Sale:
    """What a buyer sold to a person: the commission of it, in cents. `since`: when it was agreed."""

    id: str
    amount: int
    reported: timedelta
    state: str = "reported"
    answer_by: timedelta | None = None
    since: datetime | None = None
    commission: int = 0
    kept: int = 0
    released: int = 0
    unpaid_since: timedelta | None = None

    @property
    def held(self) -> int:
        return self.kept - self.released


@dataclass(repr=False)
class Deal(Named):
    """A lead that is paid by the sale. `reserves`: cents and when each becomes the agency's."""

    id: str
    buyer: Actor
    listing: Listing
    placed: timedelta
    deposit: int
    state: str = "acquired"
    said: timedelta = timedelta()
    sale: Sale | None = None
    reserves: list[tuple[int, timedelta]] = field(default_factory=list)

    @property
    def agency(self) -> Actor:
        return self.listing.agency

    def __repr__(self) -> str:
        return f"the deal of {self.buyer} with {self.listing.agency} at {self.placed}, {self.state}"
