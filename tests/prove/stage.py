"""Where the machine plays: the product on its database, Stripe's stand-in, people with keys; reset for each life."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from marketplace import billing, events
from marketplace.billing import Gateway, calls
from marketplace.billing.errors import PaymentsAway
from marketplace.jobs import defer
from marketplace.jobs.app import app as queue
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.reactions import ON_THE_CLOCK
from marketplace.stripe_emulator import Delays, Sender, create_emulator, create_world, play
from marketplace.stripe_emulator.webhooks.outbox import pending
from marketplace.stripe_emulator.world import World, world_of
from tests.factories.api import Api, sender
from tests.factories.leads import make_lead
from tests.factories.pages import Reader, Shown
from tests.factories.payouts import GOOD
from tests.factories.people import make_person
from tests.factories.running import Payments, pay
from tests.factories.sales import per_sale, percent
from tests.factories.story import open_listing
from tests.prove import wires
from tests.prove.cast import Actor, Died, Lead, Listing
from tests.prove.death import Death, client_of, dying
from tests.prove.rows import restore, save
from tests.prove.things import TopUp

PRODUCT, STRIPE = "http://fairlead.test", "http://stripe.test"
#: Stripe accounts for a payment this much later (its own clock): never by itself while nobody moves time
SETTLES_AFTER_S = 600
#: what leads cost, in cents; odd ones, so that parts have to be rounded
PRICES = (1_00, 3_33, 19_99, 46_01, 100_00)
GRADES = ("new", "A", "C", "E")
#: by the buyers, in cents, so long before the first life
PAID, _BEFORE = (1_300_00, 45_01), timedelta(hours=26)
_IN_STOCK = 4
#: what would rate agencies: each keeps its grade here, so that the model knows fee and reserve
RATES = ("quality.", "disputes.tell_", "orders.tell_links")
#: documents and letters: jobs that move no money
TELLS = ("notices.", "orders.issue_documents", "billing.issue_receipt")

_TAKE_ALL = text("DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING id, task_name, args")


@dataclass
class Stage:
    """The product and everybody around it.

    Unless it `tells`, letters and documents are not written: that moves no money. Nobody is rated anew.
    """

    app: Flask
    payments: Payments
    tells: bool
    buyers: list[Actor]
    agencies: list[Actor]
    staff: list[Actor]
    browser: httpx.Client
    death: Death
    readers: dict[str, Reader] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)
    on_sale: list[Lead] = field(default_factory=list)
    listings_by_sale: list[Listing] = field(default_factory=list)
    by_sale: list[Lead] = field(default_factory=list)
    #: what buyers have paid before the first life, and is accounted for
    paid: list[TopUp] = field(default_factory=list)
    #: at Stripe, by the agency's name
    accounts: dict[str, str] = field(default_factory=dict)
    saved: dict[str, bytes] = field(default_factory=dict)
    saved_at_stripe: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def api(self, actor: Actor) -> Api:
        return Api(sender(client_of(self.app, self.death)), actor.person.key)

    def page(self, actor: Actor) -> Reader:
        """The browser of somebody who has signed in."""
        if actor.name not in self.readers:
            reader = Reader(client_of(self.app, self.death))
            assert reader.sign_in(actor.person).status == 303
            self.readers[actor.name] = reader
        return self.readers[actor.name]

    def look(self, actor: Actor, path: str) -> Shown:
        """A page as its reader finds it, who signs in again where nobody was seen for a month."""
        reader = self.page(actor)
        shown = reader.get(path)
        if shown.location.startswith("/sign-in"):
            assert reader.sign_in(actor.person).status == 303
            shown = reader.get(path)
        return shown

    def pay(self, checkout_url: str, card: str) -> int:
        """Fill in Stripe's page; what the bank says is the answer's status."""
        return pay(self.browser, checkout_url, card)

    @property
    def stripe(self) -> World:
        return world_of(self.payments.app)

    def advance(self, **by: float) -> None:
        with transaction():
            clock.advance(timedelta(**by))

    def look_at_the_clock(self) -> Iterator[str]:
        """One job after the other that looks at the clock; each name comes when it has.

        One that found Stripe or the database away is tried again, as the queue does.
        """
        for job in ON_THE_CLOCK:
            for _ in range(0 if job.name.startswith(_left_out(telling=self.tells)) else 8):
                try:
                    with suppress(PaymentsAway):
                        job.func()
                        break
                except OperationalError:
                    if not self.death.has_struck():
                        raise
            yield job.name

    def hear(self, *, twice: bool = False) -> None:
        """Webhooks arrive, those that were lost once more, and are handled with all that follows."""
        for _ in range(3):
            self.payments.deliver()
            if not self._is_one_lost():
                break
        self.work(twice=twice)

    def _is_one_lost(self) -> bool:
        with self.stripe.store.transaction() as rows:
            return pending(rows) > 0

    def at_stripe(self, kind: str) -> list[dict[str, Any]]:
        """All objects of a kind that Stripe has for us, oldest first."""
        with self.stripe.store.transaction() as rows:
            return list(rows.newest_first(kind))[::-1]

    def work(self, *, twice: bool = False) -> None:
        """Pass on what happened, run what follows until nothing is left. A job that fails is tried again at once.

        Args:
            twice: each job is done once more, as when a worker dies between its work and saying so.
        """
        failures = 0
        while waiting := _take_jobs(telling=self.tells):
            for name, arguments in (each for each in waiting for _ in range(2 if twice else 1)):
                try:
                    queue.tasks[name].func(**arguments)
                except (Died, Exception):
                    failures += 1
                    if failures > 20:
                        raise
                    with transaction():
                        defer(queue.tasks[name], **arguments)

    def lose_jobs(self) -> None:
        """Whatever waits in the queue is gone, as after a restore; the clock brings what matters back."""
        with transaction():
            session().execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'billing.perform_call'"))

    def send_leads(self, listing: Listing, count: int, since: timedelta = timedelta()) -> list[Lead]:
        """New leads of a listing, on sale."""
        path = f"/listings/{listing.id}/leads"
        sent = self.api(listing.agency).post(path, [make_lead() for _ in range(count)])
        assert {item["status"] for item in sent["items"]} == {"accepted"}, sent.body
        return [Lead(item["id"], listing, since) for item in sent["items"]]

    def events(self) -> list[str]:
        """The ids of all events about what is ours at Stripe, oldest first."""
        with self.stripe.store.transaction() as rows:
            return [event["id"] for event in rows.newest_first("event")][::-1]

    def save(self) -> None:
        """Each life begins here."""
        session().rollback()
        self.saved = save()
        with self.stripe.store.transaction() as rows:
            for table in ("deliveries", "due", "answers", "objects"):
                self.saved_at_stripe[table] = [tuple(row) for row in rows.rows(f"SELECT * FROM {table}")]

    def reset(self) -> None:
        """Everybody is there, nothing has happened, it is today."""
        session().rollback()
        restore(self.saved)
        clock.let_it_move(allowed=True)
        calls.watch(lambda _kind, _point: None)
        with self.stripe.store.transaction() as rows:
            for table, content in self.saved_at_stripe.items():
                rows.run(f"DELETE FROM {table}")
                for row in content:
                    rows.run(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", *row)
        self.stripe.faults._forced.clear()


def _left_out(*, telling: bool) -> tuple[str, ...]:
    """How the names of jobs begin that are not run."""
    return RATES if telling else (*RATES, *TELLS)


def _take_jobs(*, telling: bool) -> list[tuple[str, dict[str, Any]]]:
    """Everything that waits, in its order, no longer in the queue."""
    with transaction():
        while events.drain():
            pass
        rows = session().execute(_TAKE_ALL).all()
    left_out = _left_out(telling=telling)
    taken = sorted((row.id, row.task_name, row.args) for row in rows)
    return [(name, args) for _id, name, args in taken if not name.startswith(left_out)]


@contextmanager
def set_up(app: Flask, folder: Path, *, tells: bool) -> Iterator[Stage]:
    """A stage with two buyers, agencies of several grades, two members of staff, and leads at several prices."""
    with _payments(app, folder) as payments, wires.to(payments.app) as browser, dying() as death:
        stage = Stage(
            app,
            payments,
            tells,
            browser=browser,
            death=death,
            buyers=[Actor(f"buyer {n}", make_person("buyer")) for n in (1, 2)],
            agencies=[Actor(f"agency {grade}", make_person("agency"), grade) for grade in GRADES],
            staff=[Actor(f"staff {n}", make_person("staff")) for n in (1, 2)],
        )
        for buyer in stage.buyers:
            stage.page(buyer)
        _fill_wallets(stage)
        _put_on_sale(stage)
        stage.advance(hours=2)
        stage.hear()
        stage.save()
        yield stage


def _fill_wallets(stage: Stage) -> None:
    """A day before, so that the limit of a day is free again. One buyer has much, the other little."""
    for buyer, cents in zip(stage.buyers, PAID, strict=True):
        asked = stage.api(buyer).post("/wallet/top-ups", {"amount": {"amount": cents, "currency": "USD"}})
        assert stage.pay(asked["checkout_url"], "4242 4242 4242 4242") == 303
        stage.paid.append(TopUp(asked["id"], buyer, cents, -_BEFORE, asked["checkout_url"], paid=-_BEFORE))
    stage.hear()
    stage.advance(days=1)
    stage.hear()


def _put_on_sale(stage: Stage) -> None:
    """Agencies of several grades, with leads at several prices, and accounts to be paid on."""
    for agency in stage.agencies:
        with transaction():  # what is learnt about an agency's leads sets it
            values = {"grade": agency.grade, "id": agency.org_id}
            session().execute(text("UPDATE organisations SET grade = :grade WHERE id = :id"), values)
        for cents in PRICES:
            terms = {"amount": cents, "currency": "USD"}
            listing = Listing(open_listing(stage.api(agency), price=terms), agency, cents)
            stage.listings.append(listing)
            stage.on_sale += stage.send_leads(listing, _IN_STOCK)
        stage.accounts[agency.name] = _open_account(stage, agency)
    for agency, instalments in zip(stage.agencies, (1, 3, 1, 3), strict=True):
        listing = Listing(_by_the_sale(stage, agency, instalments), agency, 20_00, instalments)
        stage.listings_by_sale.append(listing)
        stage.by_sale += stage.send_leads(listing, 2)


def _by_the_sale(stage: Stage, agency: Actor, instalments: int) -> str:
    terms = per_sale(percent(instalments=instalments))
    return open_listing(stage.api(agency), **{"price": None, **terms})


def _open_account(stage: Stage, agency: Actor) -> str:
    """Where an agency is paid, told at Stripe's own page; the account's id."""
    url = stage.api(agency).post("/payout-account")["url"]
    told = {"entity_type": "company", "name": "Harbor Media", "country": "us", "bank": GOOD, "terms": "1"}
    stage.browser.get(url)
    assert stage.browser.post(url, data=told).status_code == 303
    return str(stage.at_stripe("v2.core.account")[-1]["id"])


@contextmanager
def _payments(app: Flask, folder: Path) -> Iterator[Payments]:
    """Stripe's stand-in with slow settlements."""
    settings = app.extensions["settings"]

    def now() -> datetime:
        with app.app_context():
            return clock.now()

    world = create_world(
        folder / "stripe.db",
        secret_key=settings.stripe_secret_key,
        webhook_url=f"{PRODUCT}/webhooks/stripe",
        webhook_secret=settings.stripe_webhook_secret,
        now=now,
        public_url=STRIPE,
        is_durable=False,
        delays=Delays(capture=SETTLES_AFTER_S, refund=SETTLES_AFTER_S, check=SETTLES_AFTER_S),
    )
    emulator = create_emulator()
    play(emulator, world)
    gateway = Gateway(settings.stripe_secret_key, STRIPE, settings.stripe_webhook_secret)
    wires.connect(gateway, emulator)
    before = billing.gateway()
    billing.use_gateway(gateway, PRODUCT)
    sends = Sender(emulator)
    sends._client = wires.to(app)
    try:
        yield Payments(sends, emulator)
    finally:
        sends.stop()
        world.store.close()
        billing.use_gateway(before, settings.public_url)
