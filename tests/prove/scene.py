"""One life: the stage, and beside it what a naive reader of the notes expects of everybody's money."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

from marketplace.billing import calls
from marketplace.insights import run_checks
from marketplace.stripe_emulator import RequestFault
from tests.prove.books import Books, books_of_the_product
from tests.prove.cast import Actor, Died, Lead, Named
from tests.prove.stage import Stage
from tests.prove.table import FALLS_DUE, Draw

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: fee and reserve in basis points, and days until the reserve is paid, by the agency's grade
TERMS = {"new": (1_000, 1_000, 60), "A": (800, 0, 0), "C": (1_000, 1_000, 60), "E": (1_200, 2_500, 90)}
WINDOW, ANSWER_TIME, APPEAL_TIME = 7 * DAY, 72 * HOUR, 72 * HOUR
CHECKOUT_TIME = HOUR

#: what Stripe may do to a call: not do it; be at it already; do it without an answer; do it and say for ever that not
STRIPE_TROUBLE = {
    "away": RequestFault.ERROR_BEFORE,
    "at it": RequestFault.CONFLICT,
    "no answer": RequestFault.TIMEOUT_AFTER_COMMIT,
    "says no for ever": RequestFault.SAVED_ERROR_AFTER,
}
DEATHS = {f"dies {point}": point for point in calls.POINTS}
TROUBLE = (*("none",) * 6, *STRIPE_TROUBLE, *DEATHS)


@dataclass(repr=False)
class TopUp(Named):
    """`url` is where the card is asked for, None while that is not known."""

    id: str
    buyer: Actor
    cents: int
    asked: timedelta
    url: str | None = None
    is_paid: bool = False
    is_credited: bool = False
    is_settled: bool = False

    def __repr__(self) -> str:
        return f"the top-up of {self.cents} by {self.buyer} at {self.asked}"


@dataclass
class Case:
    """A dispute."""

    id: str
    opened: timedelta
    state: str = "open"


@dataclass(repr=False)
class Order(Named):
    """A purchase with what happened to its money."""

    id: str
    buyer: Actor
    agency: Actor
    price: int
    placed: timedelta
    state: str = "held"
    refunded: int = 0
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
    def held(self) -> int:
        return self.price - self.refunded if self.state in ("held", "disputed", "partly_refunded") else 0


@dataclass(repr=False)
class ByHand(Named):
    """An entry that staff had booked: sides as (account, owner)."""

    entry_id: str
    debit: tuple[str, str | None]
    credit: tuple[str, str | None]
    cents: int

    def __repr__(self) -> str:
        return f"{self.cents} from {self.credit[0]} to {self.debit[0]}"


@dataclass
class Scene:
    """What is on sale, who has what, and by how much time was moved since the beginning."""

    stage: Stage
    books: Books = field(default_factory=Books)
    moved: timedelta = timedelta()
    leads: list[Lead] = field(default_factory=list)
    top_ups: list[TopUp] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    by_hand: list[ByHand] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stage.reset()
        self.leads = list(self.stage.on_sale)

    @contextmanager
    def trouble(self, draw: Draw, kinds: tuple[str, ...] = TROUBLE) -> Iterator[str]:
        """What is asked of Stripe meanwhile goes wrong in some way, or not: the way is told; a death raises Died."""
        kind, faults = draw(st.sampled_from(kinds)), self.stage.stripe.faults
        if fault := STRIPE_TROUBLE.get(kind):
            for _ in range(1 if fault is RequestFault.SAVED_ERROR_AFTER else 3):  # Stripe's own client tries 3 times
                faults.force(fault, on="POST ")
        calls.watch(lambda _kind, point: _die(point == DEATHS.get(kind)))
        try:
            yield kind
        finally:
            calls.watch(lambda _kind, _point: None)
            faults._forced.clear()

    def pass_time(self, **by: float) -> None:
        """Time moves, whatever waits arrives, and everything whose time has come falls due."""
        self.moved += timedelta(**by)
        self.stage.advance(**by)
        for _ in range(2):
            self.stage.payments.deliver()
            self.stage.work()
        for expect in FALLS_DUE:
            expect(self)

    def compare(self) -> None:
        """The product's books are those of the model, to the cent."""
        assert books_of_the_product() == self.books.standing()

    def look_at_pages(self) -> None:
        """What people are told about their money is what the model says."""
        for buyer in self.stage.buyers:
            told = self.stage.api(buyer).get("/wallet").body
            mine = [order for order in self.orders if order.buyer is buyer]
            assert told["available"] == self.books.at("wallet_cash", buyer.org_id)
            assert told["held"] == sum(order.held for order in mine)
        for agency in self.stage.agencies:
            told = self.stage.api(agency).get("/balance").body
            mine = [order for order in self.orders if order.agency is agency]
            assert told["payable"] == self.books.at("supplier_payable", agency.org_id)
            assert told["reserve"] == sum(order.reserve for order in mine)
            assert told["held_for_you"] == sum(order.held for order in mine)

    def check(self) -> None:
        """Everything that must always hold, holds."""
        assert {finding.code: finding.rows for finding in run_checks() if not finding.holds} == {}


def _die(is_wanted: bool) -> None:  # noqa: FBT001  # one question
    if is_wanted:
        raise Died
