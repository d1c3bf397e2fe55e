"""The emulator's settings, clock and store in one place, and the unit of work over them."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TypeAlias

from flask import Flask

from marketplace.stripe_emulator.faults import Faults
from marketplace.stripe_emulator.protocol.errors import NoSuchObject
from marketplace.stripe_emulator.protocol.keys import RunningKeys
from marketplace.stripe_emulator.store import Json, Store, Transaction

API_VERSION = "2026-10-28.endive"  # the one that the pinned `stripe` client speaks
EXTENSION = "stripe_emulator"
DAY = 24 * 3600


@dataclass(frozen=True)
class Delays:
    """How much later things happen, in seconds of the emulator's clock."""

    capture: int = 2  # from a payment's success to its balance transaction
    funds: int = 2 * DAY  # from the balance transaction to available money
    refund: int = 5  # until the test cards' late refund news
    dispute: int = 5  # from the balance transaction to the dispute or warning of the test cards that have one
    response: int = 9 * DAY  # in which a dispute must be answered
    rest: int = 120 * DAY  # from an inquiry to the day on which it has come to nothing
    verdict: int = 5  # from evidence that decides by itself to the decision
    check: int = 5  # from an account's telling who it is to Stripe's having checked that
    payout: int = DAY  # from money's arrival on a connected account to its payout
    sending: int = 3600  # from a payout to its being on its way
    arrival: int = DAY  # from then to its arrival at the bank
    search: int = 0  # until an object can be found by search; up to a minute at the real one


@dataclass(frozen=True)
class Cause:
    """The API request behind a change; empty for what happens by itself or on the payment page."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True)
class World:
    store: Store
    secret_key: str
    webhook_url: str
    webhook_secret: str
    public_url: str
    now: Callable[[], datetime]
    faults: Faults
    delays: Delays
    actions: Mapping[str, "Action"]
    committed: threading.Event = field(default_factory=threading.Event)
    running: RunningKeys = field(default_factory=RunningKeys)

    def timestamp(self) -> int:
        return int(self.now().timestamp())

    @contextmanager
    def work(self, cause: Cause | None = None, account: str = "", *, at: int | None = None) -> Iterator["Work"]:
        """One transaction at one moment: `at`, or now. Wakes the webhook sender after the commit."""
        moment = self.timestamp() if at is None else at
        with self.store.transaction() as rows:
            yield Work(self, rows, moment, cause or Cause(), account)
        self.committed.set()


@dataclass(frozen=True)
class Work:
    """One unit of work for one account: the platform, whose id is "" here, or a connected one."""

    world: World
    rows: Transaction
    now: int  # Unix seconds
    cause: Cause
    account: str = ""

    def within(self, account: str) -> "Work":
        """The same unit of work, going on for another account."""
        return replace(self, account=account)

    @property
    def date(self) -> date:
        return datetime.fromtimestamp(self.now, UTC).date()

    @property
    def time(self) -> str:
        """The moment as API v2 writes it."""
        return iso(self.now)

    def get(self, kind: str, object_id: str, *, param: str | None = None) -> Json:
        """The object of this kind and id, or Stripe's "No such ..."."""
        found = self.rows.find(object_id)
        if found is None or found["object"] != kind or self.rows.owner_of(object_id) != self.account:
            raise NoSuchObject(kind, object_id, param=param)
        return found

    def known(self, object_id: str) -> Json:
        """An object that another one refers to, and that therefore exists."""
        found = self.rows.find(object_id)
        if found is None:
            raise LookupError(object_id)
        return found

    def add(self, body: Json) -> Json:
        self.rows.add(body, self.account)
        return body

    def all(self, kind: str) -> Iterator[Json]:
        """This account's objects of one kind, the newest first."""
        return self.rows.newest_first(kind, self.account)

    def change(self, body: Json, **fields: object) -> Json:
        """Set the fields, and store."""
        body.update(fields)
        self.rows.save(body)
        return body

    def later(self, at: int, action: str, object_id: str) -> None:
        """Have `action` done with the object when the clock reaches `at`."""
        self.rows.run("INSERT INTO due (at, action, object_id) VALUES (?, ?, ?)", at, action, object_id)


Action: TypeAlias = Callable[[Work, str], None]


def iso(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def play(app: Flask, world: World) -> None:
    """From now on the emulator is in this world."""
    app.extensions[EXTENSION] = world


def world_of(app: Flask) -> World:
    world: World = app.extensions[EXTENSION]
    return world
