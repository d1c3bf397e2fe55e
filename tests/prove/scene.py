"""One life: the stage, and beside it what a naive reader of the notes expects of everybody's money."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from marketplace.billing import calls
from marketplace.insights import run_checks
from marketplace.stripe_emulator import RequestFault
from tests.prove.books import Books, books_of_the_product, half_up
from tests.prove.cast import Actor, Died, Lead
from tests.prove.stage import Stage
from tests.prove.table import FALLS_DUE, NEWS, Draw
from tests.prove.things import ByHand, Deal, Gift, Order, TopUp, UnderWay

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: fee and reserve in basis points, and days until the reserve is paid, by the agency's grade
TERMS = {"new": (1_000, 1_000, 60), "A": (800, 0, 0), "C": (1_000, 1_000, 60), "E": (1_200, 2_500, 90)}
ANSWER_TIME, APPEAL_TIME, LAST_HOUR = 72 * HOUR, 72 * HOUR, 120 * HOUR
CHECKOUT_TIME = HOUR
#: so long a commission may be due before its buyer cannot buy
GRACE = 7 * DAY

#: what Stripe may do to a call: not do it; be at it already; do it without an answer; do it and say for ever that not
STRIPE_TROUBLE = {
    "away": RequestFault.ERROR_BEFORE,
    "at it": RequestFault.CONFLICT,
    "no answer": RequestFault.TIMEOUT_AFTER_COMMIT,
    "says no for ever": RequestFault.SAVED_ERROR_AFTER,
}
DEATHS = {f"dies {point}": point for point in calls.POINTS}
TROUBLE = (*("none",) * 6, *STRIPE_TROUBLE, *DEATHS)


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
    gifts: list[Gift] = field(default_factory=list)
    by_sale: list[Lead] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    #: what Stripe has done that the model has followed
    followed: set[str] = field(default_factory=set)
    #: on its way to an agency's bank or a buyer's card, by our own id
    under_way: dict[str, UnderWay] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    refund_of: dict[str, TopUp] = field(default_factory=dict)
    #: whose payment each open chargeback takes back, and how much of it
    contested: dict[str, tuple[Actor, int]] = field(default_factory=dict)

    #: what the first of the staff gave without the second: when, to whom, how much
    alone: list[tuple[timedelta, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stage.reset()
        self.leads, self.by_sale = list(self.stage.on_sale), list(self.stage.by_sale)
        for paid in self.stage.paid:
            self._know(replace(paid))

    def _know(self, top_up: TopUp) -> None:
        """It was credited and accounted for before this life began."""
        fee = half_up(top_up.cents, 290) + 30
        top_up.is_credited, top_up.credited_at, top_up.is_settled = True, top_up.asked, True
        self.top_ups.append(top_up)
        self.books.add("wallet_cash", top_up.cents, top_up.buyer.org_id)
        self.books.add("stripe_balance", top_up.cents - fee)
        self.books.add("processing_fee", fee)

    def back_to(self, buyer: Actor, cents: int) -> None:
        """What comes back to a buyer repays its debt, then fills up what answers for open chargebacks, oldest first."""
        owed = min(cents, self.books.at("buyer_receivable", buyer.org_id))
        self.books.take("buyer_receivable", owed, buyer.org_id)
        cents -= owed
        for id_, (whose, contested) in sorted(self.contested.items()):
            if whose is buyer:
                part = min(cents, contested - self.books.at("wallet_frozen", id_))
                self.books.add("wallet_frozen", part, id_)
                cents -= part
        self.books.add("wallet_cash", cents, buyer.org_id)

    @contextmanager
    def trouble(self, draw: Draw, kinds: tuple[str, ...] = TROUBLE) -> Iterator[str]:
        """What is asked of Stripe meanwhile goes wrong in some way, or not: the way is told; a death raises Died."""
        kind, faults = draw(st.sampled_from(kinds)), self.stage.stripe.faults
        if fault := STRIPE_TROUBLE.get(kind):
            for _ in range(1 if fault is RequestFault.SAVED_ERROR_AFTER else 3):  # Stripe's own client tries 3 times
                faults.force(fault, on="POST ")
        calls.watch(_death(DEATHS.get(kind)))
        try:
            yield kind
        finally:
            calls.watch(lambda _kind, _point: None)
            faults._forced.clear()

    def pass_time(self, **by: float) -> None:
        """Time moves, whatever waits arrives, and everything whose time has come falls due."""
        self.moved += timedelta(**by)
        self.stage.advance(**by)
        self.hear()
        for job in self.stage.look_at_the_clock():
            self._expect(job)
        self.hear()

    def hear(self, *, twice: bool = False) -> None:
        """Everything that Stripe has to tell arrives, and what follows is done."""
        self.stage.hear(twice=twice)
        self._expect(NEWS)

    def is_new(self, found: dict[str, Any], step: str) -> bool:
        """Whether the model has not followed this step of an object at Stripe yet; now it has."""
        step = f"{found['id']} {step}"
        if step in self.followed:
            return False
        self.followed.add(step)
        return True

    def _expect(self, after: str) -> None:
        for expect in FALLS_DUE.get(after, ()):
            expect(self)

    def compare(self) -> None:
        """The product's books are those of the model, to the cent."""
        product, model = books_of_the_product(), self.books.standing()
        keys = sorted(product.keys() | model.keys(), key=str)
        differ = [(*key, product.get(key, 0), model.get(key, 0)) for key in keys if product.get(key) != model.get(key)]
        assert not differ, f"(account, owner, in the product, in the model): {differ}"

    def look_at_pages(self) -> None:
        """What people are told about their money is what the model says."""
        for buyer in self.stage.buyers:
            told = self.stage.api(buyer).get("/wallet").body
            assert told["available"] == self.books.at("wallet_cash", buyer.org_id)
            deposits = sum(self.books.at("order_deposit", deal.id) for deal in self.deals if deal.buyer is buyer)
            assert told["held"] == deposits + self._held("buyer", buyer)
        for agency in self.stage.agencies:
            told = self.stage.api(agency).get("/balance").body
            theirs = [deal for deal in self.deals if deal.listing.agency is agency]
            reserves = sum(order.reserve for order in self.orders if order.agency is agency)
            assert told["payable"] == self.books.at("supplier_payable", agency.org_id)
            assert told["reserve"] == reserves + sum(cents for deal in theirs for cents, _until in deal.reserves)
            assert told["held_for_you"] == self._held("agency", agency)

    def _held(self, side: str, who: Actor) -> int:
        """Of their orders, and of commissions."""
        sales = [deal.sale for deal in self.deals if deal.sale and getattr(deal, side) is who]
        orders = [order for order in self.orders if getattr(order, side) is who]
        return sum(one.held for one in (*orders, *sales))

    def check(self) -> None:
        """Everything that must always hold, holds."""
        assert {finding.code: finding.rows for finding in run_checks() if not finding.holds} == {}


def _death(at: str | None) -> Callable[[str, str], None]:
    """One process dies at this point; the next one that comes by does not."""
    waits = [at] if at else []

    def die(_kind: str, point: str) -> None:
        if point in waits:
            waits.remove(point)
            raise Died

    return die
