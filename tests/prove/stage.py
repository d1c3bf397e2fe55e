"""Where the machine plays: the product on its database, Stripe's stand-in, people with keys; reset for each life."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import stripe
from flask import Flask
from sqlalchemy import text

from marketplace import billing, events
from marketplace.billing import Gateway, calls
from marketplace.jobs import defer
from marketplace.jobs.app import app as queue
from marketplace.jobs.app import run_within
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.reactions import ON_THE_CLOCK
from marketplace.stripe_emulator import Delays, Sender, create_emulator, running
from marketplace.stripe_emulator.world import World, world_of
from tests.conftest import Visitor
from tests.factories.api import Api, sender
from tests.factories.leads import make_lead
from tests.factories.pages import Reader
from tests.factories.people import make_person
from tests.factories.running import Payments, pay
from tests.factories.story import open_listing
from tests.prove.cast import Actor, Died, Lead, Listing
from tests.prove.rows import restore, save

#: Stripe accounts for a payment this much later (its own clock): never by itself while nobody moves time
SETTLES_AFTER_S = 600
#: what leads cost, in cents; odd ones, so that parts have to be rounded
PRICES = (1_00, 3_33, 19_99, 46_01, 100_00)
GRADES = ("new", "A", "C", "E")
_IN_STOCK = 4

_WAITS = text("""
SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1
""")
_DONE = text("DELETE FROM procrastinate_jobs WHERE id = :id")


@dataclass
class Stage:
    """The product and everybody around it."""

    app: Flask
    payments: Payments
    buyers: list[Actor]
    agencies: list[Actor]
    staff: list[Actor]
    browser: httpx.Client
    readers: dict[str, Reader] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)
    on_sale: list[Lead] = field(default_factory=list)
    saved: dict[str, bytes] = field(default_factory=dict)

    def api(self, actor: Actor) -> Api:
        client = Visitor(self.app, self.app.response_class, use_cookies=True)
        return Api(sender(client), actor.person.key)

    def page(self, actor: Actor) -> Reader:
        """The browser of somebody who has signed in."""
        if actor.name not in self.readers:
            reader = Reader(Visitor(self.app, self.app.response_class, use_cookies=True))
            assert reader.sign_in(actor.person).status == 303
            self.readers[actor.name] = reader
        return self.readers[actor.name]

    def pay(self, checkout_url: str, card: str) -> int:
        """Fill in Stripe's page; what the bank says is the answer's status."""
        return pay(self.browser, checkout_url, card)

    @property
    def stripe(self) -> World:
        return world_of(self.payments.app)

    def advance(self, **by: float) -> None:
        """Move time and queue what looks at the clock."""
        with transaction():
            clock.advance(timedelta(**by))
        with transaction():
            for job in ON_THE_CLOCK:
                defer(job)

    def work(self, *, twice: bool = False) -> None:
        """Pass on what happened, run what follows until nothing is left. A job that fails is tried again at once.

        Args:
            twice: each job is done once more, as when a worker dies between its work and saying so.
        """
        run_within(self.app.app_context)
        failures = 0
        while _pass_on() or (waiting := _first_job()):
            if not (waiting := _first_job()):
                continue
            number, name, arguments = waiting
            try:
                for _ in range(2 if twice else 1):
                    queue.tasks[name].func(**arguments)
            except (Died, Exception):
                failures += 1
                if failures > 20:
                    raise
                continue
            with transaction():
                session().execute(_DONE, {"id": number})

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
        """The ids of all events that Stripe has told about, oldest first."""
        with self.stripe.store.transaction() as rows:
            return [row["id"] for row in rows.rows("SELECT id FROM objects WHERE kind = 'event' ORDER BY seq")]

    def reset(self) -> None:
        """Everybody is there, nothing has happened, it is today."""
        session().rollback()
        restore(self.saved)
        clock.let_it_move(allowed=True)
        calls.watch(lambda _kind, _point: None)
        with self.stripe.store.transaction() as rows:
            for table in ("deliveries", "due", "answers", "objects"):
                rows.run(f"DELETE FROM {table}")
        self.stripe.faults._forced.clear()


def _pass_on() -> int:
    with transaction():
        return events.drain()


def _first_job() -> tuple[int, str, dict[str, Any]] | None:
    with transaction():
        row = session().execute(_WAITS).first()
        return (row.id, row.task_name, row.args) if row else None


@contextmanager
def set_up(app: Flask, address: str, folder: Path) -> Iterator[Stage]:
    """A stage with two buyers, agencies of several grades, two members of staff, and leads at several prices."""
    with _payments(app, address, folder) as payments, httpx.Client(timeout=10, trust_env=False) as browser:
        stage = Stage(
            app,
            payments,
            browser=browser,
            buyers=[Actor(f"buyer {n}", make_person("buyer")) for n in (1, 2)],
            agencies=[Actor(f"agency {grade}", make_person("agency"), grade) for grade in GRADES],
            staff=[Actor(f"staff {n}", make_person("staff")) for n in (1, 2)],
        )
        for agency in stage.agencies:
            with transaction():  # what is learnt about an agency's leads sets it
                values = {"grade": agency.grade, "id": agency.org_id}
                session().execute(text("UPDATE organisations SET grade = :grade WHERE id = :id"), values)
            for cents in PRICES:
                terms = {"amount": cents, "currency": "USD"}
                listing = Listing(open_listing(stage.api(agency), price=terms), agency, cents)
                stage.listings.append(listing)
                stage.on_sale += stage.send_leads(listing, _IN_STOCK)
        for buyer in stage.buyers:
            stage.page(buyer)
        stage.work()
        session().rollback()
        stage.saved = save()
        yield stage


@contextmanager
def _payments(app: Flask, address: str, folder: Path) -> Iterator[Payments]:
    """Stripe's stand-in with slow settlements. Stripe's own client does not pause between its tries."""
    settings = app.extensions["settings"]

    def now():
        with app.app_context():
            return clock.now()

    def make(own_address: str) -> Flask:
        return create_emulator(
            folder / "stripe.db",
            secret_key=settings.stripe_secret_key,
            webhook_url=f"{address}/webhooks/stripe",
            webhook_secret=settings.stripe_webhook_secret,
            now=now,
            public_url=own_address,
            delays=Delays(capture=SETTLES_AFTER_S),
        )

    before, pauses = billing.gateway(), (stripe.HTTPClient.INITIAL_DELAY, stripe.HTTPClient.MAX_DELAY)
    stripe.HTTPClient.INITIAL_DELAY = stripe.HTTPClient.MAX_DELAY = 0.0
    with running(make) as (own_address, emulator):
        billing.use_gateway(Gateway(settings.stripe_secret_key, own_address, settings.stripe_webhook_secret), address)
        sends = Sender(emulator)
        try:
            yield Payments(sends, emulator)
        finally:
            sends.stop()
            billing.use_gateway(before, settings.public_url)
            stripe.HTTPClient.INITIAL_DELAY, stripe.HTTPClient.MAX_DELAY = pauses
