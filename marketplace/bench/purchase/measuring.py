"""The purchase bench: slices of bare SQL and of HTTP take turns, so that whatever else the machine does hits both."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from marketplace.bench.crew import Client, ClientFailed, Crew, shared_count
from marketplace.bench.ground import ground
from marketplace.bench.processor import parent_of
from marketplace.bench.purchase.bare import BareClient
from marketplace.bench.purchase.course import BARE, HTTP, Course, Payers, ratio
from marketplace.bench.purchase.over_http import HttpClient
from marketplace.bench.purchase.supply import Supply
from marketplace.bench.purchase.world import PRICE, World, build
from marketplace.bench.report import Bound, Report, machine
from marketplace.bench.web import serving
from marketplace.insights import run_checks
from marketplace.kit.db import db, session, transaction
from marketplace.orders.actions.place import PLACE

#: in the order in which they take turns
_COURSES = ((BARE, 1), (HTTP, 1), (BARE, 4), (HTTP, 8), (BARE, 8), (HTTP, 16), (BARE, 16))
_TARGETS: dict[str, dict[Bound, float]] = {
    "ratio": {"min": 0.30},
    "ratio_one_wallet": {"min": 0.7},
    "platform_rows_locked": {"max": 0},
    "purchases_lost": {"max": 0},
    "broken_invariants": {"max": 0},
}
_SLICE_S, _WARM_S, _LEAST_ROUNDS = 1.0, 0.3, 3
#: more than is ever bought in a second: leads are put on sale that far ahead
_MOST_PER_S = 5_000
_PLATFORM_ROWS = text("SELECT id FROM ledger_accounts WHERE owner_id IS NULL FOR UPDATE")
_ORDERS = text("SELECT count(*) FROM orders")


def purchase(seconds: float, tell: Callable[[str], None]) -> Report:
    """Measure for about so long, in rounds in which each course has one slice.

    Raises:
        ClientFailed: a purchase was not answered as it should be.
    """
    with ground() as (app, folder), _at_work(app, folder / "web.log") as (world, count, payers, courses):
        slice_s = min(_SLICE_S, seconds / len(courses) / _LEAST_ROUNDS)
        rounds = max(_LEAST_ROUNDS, round(seconds / slice_s / len(courses)))
        tell(f"{rounds} rounds of {len(courses)} slices of {slice_s:.2g} s, after warming up.")
        for number in range(-1, rounds):
            for course in courses:
                length = slice_s if number >= 0 else min(_WARM_S, slice_s)
                world.stock(count.value + int(_MOST_PER_S * length) + course.clients)
                course.run(length, payers)
                if number < 0:
                    course.forget()
        for course in courses:
            tell(course.told())
        needs = needs_platform_rows(courses, world, count.value)
        figures = {
            **_figures(courses),
            "platform_rows_locked": float(needs),
            "purchases_lost": count.value - session().execute(_ORDERS).scalar_one(),
            "broken_invariants": sum(not finding.holds for finding in run_checks()),
        }
        version = session().execute(text("SHOW server_version")).scalar_one()
        return Report(figures, _TARGETS, machine(postgresql=version))


@contextmanager
def _at_work(app: Flask, log: Path) -> Iterator[tuple[World, Any, Payers, list[Course]]]:
    """Everybody in place: the world, the web processes, the clients of each course."""
    settings, world, count = app.extensions["settings"], build(), shared_count()
    database = _first_process_of_database()
    db.engine.dispose()  # the clients are forks of this process, and must not share a connection
    dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with ExitStack() as stack:
        port, web = stack.enter_context(serving(settings, log))
        courses = []
        for wallets in (len(world.buyers), 1):
            supply = Supply(count, world.buyers[:wallets], PRICE)
            for kind, clients in _COURSES:
                crew = stack.enter_context(Crew(_makers(kind, clients, dsn, port, supply)))
                courses.append(Course(kind, clients, wallets, crew))
        yield world, count, Payers(web, database), courses


def _makers(kind: str, clients: int, dsn: str, port: int, supply: Supply) -> Sequence[Callable[[], Client]]:
    """A process for each client of the database; one process for all HTTP clients, which cost little."""
    if kind == BARE:
        return [partial(BareClient, dsn, PLACE, supply)] * clients
    return [partial(HttpClient, port, clients, supply)]


def _first_process_of_database() -> int:
    with transaction():
        return parent_of(session().scalar(text("SELECT pg_backend_pid()")))


def needs_platform_rows(courses: Sequence[Course], world: World, bought: int) -> bool:
    """Whether purchases wait for somebody who holds the platform's own accounts.

    Then they are refused after the server's `lock_timeout`. That they are slow says nothing: so may the machine be.
    """
    world.stock(bought + _MOST_PER_S)
    busiest = _best(courses, HTTP, len(world.buyers))
    with transaction() as holder:
        holder.execute(_PLATFORM_ROWS)
        try:
            busiest.crew.work(_WARM_S)
        except ClientFailed:
            return True
    return False


def _best(courses: Sequence[Course], kind: str, wallets: int) -> Course:
    """At the number of clients at which it is fastest."""
    return max((each for each in courses if (each.kind, each.wallets) == (kind, wallets)), key=lambda each: each.per_s)


def _figures(courses: Sequence[Course]) -> dict[str, float]:
    many, one = courses[0].wallets, 1
    http, bare = _best(courses, HTTP, many), _best(courses, BARE, many)
    http_one, bare_one = _best(courses, HTTP, one), _best(courses, BARE, one)
    return {
        "ratio": ratio(http, bare),
        "ratio_one_wallet": ratio(http_one, bare_one),
        "http_per_s": http.per_s,
        "http_clients": http.clients,
        "http_p50_ms": http.ms(50),
        "http_p99_ms": http.ms(99),
        "bare_per_s": bare.per_s,
        "bare_clients": bare.clients,
        "http_one_wallet_per_s": http_one.per_s,
        "bare_one_wallet_per_s": bare_one.per_s,
        "web_us": http.web_us,
        "http_database_us": http.database_us,
        "generator_us": http.client_us,
        "bare_database_us": bare.database_us,
        "bare_client_us": bare.client_us,
    }
