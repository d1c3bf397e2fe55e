"""The hundred days before the demo begins, lived through by the product's own acts while its clock runs up to today.

One agency and one buyer have a past: it was paid for leads whose windows closed, leads were taken that are paid by the
sale, a bank took a payment back, there was a gift. So every page about money has something to show on the first day,
and everybody else begins with an empty sheet.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import httpx
from sqlalchemy import select

from marketplace import catalog, leads, market, orders
from marketplace.billing import calls, payouts, proposals
from marketplace.billing import jobs as billing_jobs
from marketplace.billing.models import CallState, StripeCall
from marketplace.demo.cards import TAKEN_BACK, top_up
from marketplace.demo.invented import leads as invented
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.orders import jobs as orders_jobs
from marketplace.orders.sales import report
from marketplace.people import Who

People = Mapping[str, Who]
AGENCY, BUYER, STAFF = "agency2@demo.test", "buyer3@demo.test", "staff@demo.test"
BEGINNING = timedelta(days=100)
#: the clock goes on by so much when a step is done: it is not done again
_STEP = timedelta(seconds=1)
_BANK = {
    "entity_type": "company",
    "name": "Copperline Leads Inc.",
    "country": "us",
    "bank": "000123456789",
    "terms": "1",
}
_COMMISSION = {
    "kind": "percent",
    "rate_bp": 1_200,
    "expected_cents": 90_00,
    "repeat_months": 0,
    "reversal_days": 30,
    "report_days": 90,
    "instalments": 1,
    "channel": "page",
    "data_sharing": "The amount and the day of each enrolment, and a copy of the invoice if asked.",
}


def live_through(who: People, today: Sequence[tuple[timedelta, Callable[[People], None]]]) -> None:
    """Every step at its time, and then `today`, whose steps stand a few minutes before now.

    The clock says how far it has come: interrupted and started again, it goes on with the step that was not finished.
    """
    for ago, act in (*_STEPS, *today):
        if clock.behind() >= ago:
            _move(clock.behind() - ago)
            time.sleep(clock.KNOWN_EVERYWHERE_S)
            _let_happen()
            act(who)
            _move(_STEP)
    _move(clock.behind())


def _move(by: timedelta) -> None:
    with transaction():
        clock.advance(by)


def _let_happen() -> None:
    """What the clock and Stripe do by themselves in the running product."""
    orders_jobs.release_due()
    orders_jobs.settle_sales()
    billing_jobs.reconcile()
    billing_jobs.pay_out_due()
    with transaction():
        asked = session().scalars(select(StripeCall.id).where(StripeCall.state == CallState.INTENDED)).all()
    for call_id in asked:
        calls.perform_by_itself(call_id)
    billing_jobs.look_after_payouts()
    billing_jobs.reconcile_balance()
    orders_jobs.issue_documents()


def _come(who: People) -> None:
    """Money comes in, and the agency tells Stripe where its bank is."""
    top_up(who[BUYER], Money(400_00, "USD"))
    link = payouts.onboarding_link(who[AGENCY])
    with httpx.Client(timeout=30, trust_env=False) as browser:
        browser.get(link).raise_for_status()
        if browser.post(link, data=_BANK).is_error:
            raise RuntimeError("the stand-in for Stripe refused the demo's bank")


def _tell(who: People) -> None:
    payouts.look_up_account(who[AGENCY])


def _sell(seed: int) -> Callable[[People], None]:
    """Four leads come in and are bought at once."""

    def act(who: People) -> None:
        with transaction():
            listing = _listing(who[AGENCY], f"Language courses, week {seed}", pricing="per_lead", price_cents=21_00)
            leads.receive(listing, list(invented("education", 6, clock.now(), 40 + seed)), by=who[AGENCY])
            for masked in _offered(who[BUYER], listing, 4):
                orders.place(who[BUYER], masked.id, masked.price)

    return act


def _acquire(seed: int) -> Callable[[People], None]:
    """A lead is taken that is paid by the sale."""

    def act(who: People) -> None:
        with transaction():
            known = [one for one in catalog.open_listings_for(who[AGENCY]) if one.per_sale]
            listing = known[0] if known else _per_sale(who[AGENCY])
            leads.receive(listing, list(invented("education", 3, clock.now(), 60 + seed)), by=who[AGENCY])
            for masked in _offered(who[BUYER], listing, 1):
                orders.place(who[BUYER], masked.id, masked.price, terms_version=listing.version)

    return act


def _enrol(who: People) -> None:
    """The newest of them became a customer."""
    with transaction():
        taken = [line for line in orders.orders_for(who[BUYER], Ask()).items if line.order.state == "acquired"]
        if taken:
            told = report.Report(Money(1_150_00, "USD"), reference="ENR-2041")
            report.report(who[BUYER], taken[0].order.id, told, via="page")


def _doubt(who: People) -> None:
    """A payment of which the bank says that its payer knows nothing; the news of it comes when the product runs."""
    top_up(who[BUYER], Money(60_00, "USD"), TAKEN_BACK)


def _give(who: People) -> None:
    """Promo money for a buyer."""
    with transaction():
        proposals.propose(
            who[STAFF],
            kind="promo_grant",
            about=who[BUYER].org_id,
            amount=Money(30_00, "USD"),
            reason="For trying leads that are paid by the sale.",
        )


def _let_pass(_who: People) -> None:
    """Nobody does anything; windows close, and what is due is paid."""


def _offered(buyer: Who, listing: catalog.Listing, count: int) -> list[market.MaskedLead]:
    found = market.browse(buyer, market.Filters(vertical=listing.vertical), Ask(limit=200)).items
    return [masked for masked in found if masked.listing.id == listing.id][:count]


def _per_sale(agency: Who) -> catalog.Listing:
    return _listing(
        agency, "Evening degrees, paid by enrolment", pricing="per_sale", price_cents=18_00, commission=_COMMISSION
    )


def _listing(agency: Who, title: str, **terms: object) -> catalog.Listing:
    offer = {
        "vertical": "education",
        "title": title,
        "kind": "targeted",
        "currency": "USD",
        "exclusivity": "exclusive",
        "max_buyers": 1,
        "window_days": 7,
        "default_country": "US",
        "temperature": "warm",
        "origin": "landing_page",
        "incentive": "",
        **terms,
    }
    listing = catalog.create(agency, offer)
    catalog.move(agency, listing.id, catalog.ListingState.ACTIVE)
    return listing


def _days(count: float) -> timedelta:
    return timedelta(days=count)


_STEPS: Sequence[tuple[timedelta, Callable[[People], None]]] = (
    (BEGINNING, _come),
    (_days(99), _tell),
    (_days(96), _sell(1)),
    (_days(93), _acquire(1)),  # nobody says how it went: overdue three days ago
    (_days(70), _let_pass),  # the first payout leaves
    (_days(66), _let_pass),
    (_days(24), _acquire(2)),
    (_days(13), _enrol),
    (_days(7.5), _sell(2)),  # the second payout leaves on the day itself
    (_days(5), _give),
    (_days(4), _acquire(3)),
    (_days(2), _doubt),
)
