"""The emulator over real HTTP on loopback, the real client, and a receiver of webhooks."""

import contextlib
import functools
import json
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import stripe
from flask import Flask, request
from werkzeug.serving import make_server

from marketplace.stripe_emulator import Control, Delays, Faults, Sender, create_world
from marketplace.stripe_emulator.world import world_of

KEY = "sk_test_emulator"
SECRET = "whsec_emulator"


class Clock:
    def __init__(self):
        self.moment = datetime(2027, 3, 1, 12, tzinfo=UTC)

    def now(self):
        return self.moment

    def advance(self, **how_far):
        self.moment += timedelta(**how_far)


@dataclass
class Receiver:
    """Takes webhooks; answers with the planned statuses first, then with 200."""

    url: str = ""
    posts: list = field(default_factory=list)
    planned: deque = field(default_factory=deque)
    during: list = field(default_factory=list)  # called while a webhook is being handled

    def take(self, payload, headers):
        self.posts.append((payload, headers["Stripe-Signature"]))
        for act in self.during:
            act()
        return self.planned.popleft() if self.planned else 200

    @property
    def events(self):
        return [stripe.Webhook.construct_event(payload, header, SECRET) for payload, header in self.posts]

    def snapshots(self):
        """The events that carry their object."""
        whole = [post for post in self.posts if json.loads(post[0])["object"] == "event"]
        return [stripe.Webhook.construct_event(payload, header, SECRET) for payload, header in whole]

    @property
    def kinds(self):
        return [json.loads(payload)["type"] for payload, _ in self.posts]


@dataclass(eq=False)
class Emulator:
    url: str
    app: Flask
    clock: Clock
    sender: Sender
    web: httpx.Client  # somebody's browser

    @property
    def world(self):
        return world_of(self.app)

    @functools.cache  # noqa: B019  as short-lived as the test
    def client(self, key=KEY, retries=0, timeout=10):
        http_client = stripe.RequestsClient(timeout=timeout)
        address = {"api": self.url}
        return stripe.StripeClient(key, base_addresses=address, http_client=http_client, max_network_retries=retries)

    def stripe(self, **options):
        return self.client(**options).v1

    @property
    def core(self):
        return self.client().v2.core

    def raw(self, method, path, **more):
        headers = {"Authorization": f"Bearer {KEY}"} | more.pop("headers", {})
        return self.web.request(method, self.url + path, headers=headers, **more)

    def checkout(self, amount=2500, currency="usd", **more):
        return self.stripe().checkout.sessions.create(
            {
                "mode": "payment",
                "line_items": [
                    {
                        "price_data": {
                            "currency": currency,
                            "unit_amount": amount,
                            "product_data": {"name": "Wallet top-up"},
                        },
                        "quantity": 1,
                    }
                ],
                "success_url": "http://shop.test/done?session={CHECKOUT_SESSION_ID}",
                "cancel_url": "http://shop.test/wallet",
                **more,
            }
        )

    def enter(self, session, card="4242 4242 4242 4242", expiry="12/34", cvc="123"):
        return self.web.post(session.url, data={"card_number": card, "expiry": expiry, "cvc": cvc})

    def paid(self, card="4242424242424242", **more):
        """A paid session with its intent and charge expanded."""
        session = self.checkout(**more)
        assert self.enter(session, card).status_code == 303
        return self.stripe().checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})

    def recipient(self, *, options=None, **more):
        """A connected account that has told nothing yet."""
        return self.core.accounts.create(
            {
                "display_name": "Lisboa Leads",
                "contact_email": "ana@example.org",
                "dashboard": "express",
                "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
                "configuration": {
                    "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
                },
                **more,
            },
            options or {},
        )

    def link(self, account_id, kind="account_onboarding"):
        urls = {"refresh_url": "http://shop.test/again", "return_url": "http://shop.test/back"}
        return self.core.account_links.create({"account": account_id, "use_case": {"type": kind, kind: urls}})

    def tell(self, link, **more):
        entered = {
            "entity_type": "company",
            "name": "Lisboa Leads Lda",
            "country": "pt",
            "bank": "000123456789",
            "terms": "yes",
        }
        return self.web.post(link.url, data=entered | more)

    def onboarded(self, bank="000123456789"):
        """The id of a connected account that can receive money, if its bank is good."""
        account = self.recipient().id
        assert self.tell(self.link(account), bank=bank).status_code == 303
        self.clock.advance(seconds=5)
        return account

    def fund(self, amount=100_000, **more):
        """Money that is available at once: what is left of the amount after the fee."""
        self.paid("4000000000000077", amount=amount, **more)
        self.settle()

    def balance(self, account=None):
        """(pending, available) per currency."""
        found = self.stripe().balance.retrieve({}, {"stripe_account": account} if account else {})
        return {
            funds.currency: (pending.amount, funds.amount)
            for funds, pending in zip(found.available, found.pending, strict=True)
        }

    def transfer(self, account, amount=8_100, options=None, **more):
        params = {"amount": amount, "currency": "usd", "destination": account, **more}
        return self.stripe().transfers.create(params, options or {})

    def kinds(self, account=None):
        """The types of all snapshot events of an account, in their order."""
        options = {"stripe_account": account} if account else {}
        return [event.type for event in reversed(self.stripe().events.list({"limit": 100}, options).data)]

    @property
    def control(self):
        return Control(self.app)

    def settle(self):
        self.clock.advance(seconds=2)


@pytest.fixture(scope="session")
def web():
    with httpx.Client(timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def faults():
    return Faults()


@contextlib.contextmanager
def listening(taker, port=0):
    app = Flask("receiver")

    @app.post("/webhooks")
    def take():
        return "", taker.take(request.get_data(), request.headers)

    server = make_server("127.0.0.1", port, app, threaded=True)
    taker.url = f"http://127.0.0.1:{server.port}/webhooks"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield taker
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def receiver():
    with listening(Receiver()) as taker:
        yield taker


class UnusedAddress:
    """A webhook address where nobody listens yet."""

    def __init__(self):
        self.port = self.another_port()
        self.url = f"http://127.0.0.1:{self.port}/webhooks"

    def another_port(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return free.getsockname()[1]

    def listen(self):
        return listening(Receiver(), self.port)


@pytest.fixture
def unused_address():
    return UnusedAddress()


@pytest.fixture
def until():
    def wait(holds, seconds=8):
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "did not happen in time"
            time.sleep(0.02)

    return wait


@pytest.fixture
def start(tmp_path, clock, faults, receiver, web, emulators):
    """Start an emulator on the test's store; a second call is another process's life on the same store."""

    @contextlib.contextmanager
    def starting(webhook_url=None, **delays):
        def make(address):
            return create_world(
                tmp_path / "emulator" / "stripe.db",
                secret_key=KEY,
                webhook_url=webhook_url or receiver.url,
                webhook_secret=SECRET,
                now=clock.now,
                public_url=address,
                is_durable=False,
                faults=faults,
                delays=Delays(**delays),
            )

        with emulators.playing(make) as (url, app):
            sender = Sender(app)
            yield Emulator(url, app, clock, sender, web)
            sender.stop()

    return starting


@pytest.fixture
def emulator(start):
    with start() as started:
        yield started
