"""What tests stand on: one PostgreSQL for the run, one migrated database a worker, emptied after each test.

Everything commits for real, so that deferred triggers, locks and the job queue behave as in production.
"""

import contextvars
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import stripe
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from marketplace.app import create_app
from marketplace.billing import documents
from marketplace.billing import jobs as billing
from marketplace.config import Settings
from marketplace.kit import clock as product_clock
from marketplace.kit import memory
from marketplace.kit.db import db as database
from marketplace.kit.db import transaction
from marketplace.kit.embedded_postgres import EmbeddedPostgres
from marketplace.kit.mail import Box
from marketplace.people import passwords
from marketplace.reactions import ON_THE_CLOCK
from tests.factories import running, statements
from tests.factories.api import Api, sender
from tests.factories.emptying import Emptier
from tests.factories.emulators import Emulators
from tests.factories.people import Person

pytest_plugins = ["tests.browser.chromium"]

gc.disable()  # until all tests are loaded: see marketplace/kit/memory.py

# A busy machine is no reason to fail: what is slow is found by the benchmarks.
settings.register_profile("fairlead", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fairlead")

TEMPLATE = "fairlead_template"
_SERVER: dict[str, object] = {}


def pytest_configure(config: pytest.Config) -> None:
    """The run's first process starts the server and migrates one template; workers copy it."""
    if hasattr(config, "workerinput") or "TEST_SERVER_URL" in os.environ or config.option.collectonly:
        return
    folder = Path(tempfile.mkdtemp(prefix="fairlead-tests-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder, fast=True)
    server.start(tied=True)
    _SERVER.update(server=server, folder=folder)
    os.environ.update(TEST_SERVER_URL=server.url_of("postgres"), TEST_TEMPLATES=str(folder / "templates"))
    (folder / "templates").mkdir()
    make_database(TEMPLATE, "template0")
    app = create_app(settings_for(_url_of(TEMPLATE), folder / "template-files"))
    with app.app_context():
        upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
        database.engine.dispose()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a worker waits at times, for a browser or a clock; more only crowd the caches."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no worker sits over it when the others have nothing left to do."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    memory.settle()


def pytest_unconfigure(config: pytest.Config) -> None:
    server = _SERVER.pop("server", None)
    if isinstance(server, EmbeddedPostgres):
        server.stop()
        shutil.rmtree(str(_SERVER.pop("folder")), ignore_errors=True)
        os.environ.pop("TEST_SERVER_URL", None)


def settings_for(url: str, files: Path) -> Settings:
    files.mkdir(parents=True, exist_ok=True)
    return Settings(
        mode="test",
        database_url=url,
        secret_key="a secret for tests only",
        pii_keys="t1:" + "A" * 43 + "=",
        pii_pepper="a pepper for tests only",
        stripe_secret_key="sk_test_fairlead",
        stripe_webhook_secret="whsec_fairlead",
        stripe_api_base="http://127.0.0.1:9",
        mail_from="Fairlead <hello@fairlead.test>",
        public_url="http://127.0.0.1",
        files_url=files.as_uri(),
        company_name="Fairlead Exchange Ltd",
        company_address="1 Harbour Row, Dublin",
        company_country="IE",
        log_level="WARNING",
    )


def first_moment() -> datetime:
    """When a test's life begins: well away from midnight, from a month's end and from a change of clocks.

    `TESTS_BEGIN=2031-01-31T23:50` begins all of them elsewhere, to find what leans on the time of day.
    """
    wanted = os.environ.get("TESTS_BEGIN")
    if wanted:
        return datetime.fromisoformat(wanted).replace(tzinfo=UTC)
    today = datetime.now(UTC)
    return (today.replace(day=1) + timedelta(days=40)).replace(day=10, hour=9, minute=0, second=0, microsecond=0)


def _url_of(name: str) -> str:
    return make_url(os.environ["TEST_SERVER_URL"]).set(database=name).render_as_string(hide_password=False)


def dsn_of(name: str) -> str:
    return make_url(_url_of(name)).set(drivername="postgresql").render_as_string(hide_password=False)


def make_database(name: str, template: str) -> None:
    with psycopg.connect(dsn_of("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.execute(f'ALTER DATABASE "{name}" SET plan_cache_mode = force_generic_plan')  # few rows: any will do


@pytest.fixture(scope="session", autouse=True)
def products_hasher() -> Iterator[PasswordHasher]:
    """The one that passwords are kept with; put aside for a cheap one, since thousands of tests sign in."""
    kept = passwords._HASHER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield kept


@pytest.fixture(scope="session", autouse=True)
def hurry() -> Iterator[None]:
    """Stripe's own client does not pause between its tries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)
        patch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_stay() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        statements.keep(patch)
        yield


@pytest.fixture(scope="session")
def box() -> Box:
    return Box()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, box: Box) -> Iterator[Flask]:
    """The application of this worker, on a database of its own."""
    name = "fairlead_" + os.environ.get("PYTEST_XDIST_WORKER", "main")
    make_database(name, TEMPLATE)
    app = create_app(settings_for(_url_of(name), tmp_path_factory.mktemp("files")), transport=box)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ["TEST_TEMPLATES"])  # once for all workers
    yield app
    with app.app_context():
        database.engine.dispose()


@pytest.fixture(scope="session")
def empty(product: Flask) -> Iterator[Emptier]:
    """Called after each test."""
    emptier = Emptier(dsn_of(make_url(product.config["SQLALCHEMY_DATABASE_URI"]).database or ""))
    yield emptier
    emptier.close()


@pytest.fixture
def app(product: Flask, box: Box, empty: Emptier) -> Iterator[Flask]:
    """The application with its context pushed. Afterwards the database is empty, and it has what it was given first."""
    box.letters.clear()
    with product.app_context(), running.lent(product):
        product_clock.let_it_move(allowed=True)
        product.extensions.pop("figures", None)  # of the test before
        empty.begin(first_moment())
        yield product
        database.session.remove()
    empty()


class Visitor(FlaskClient):
    """Each request has a context of its own, as in life: nothing of the test's session or identity map leaks in."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return Visitor(app, app.response_class, use_cookies=True)


class Clock:
    """The product's time as tests move it."""

    def now(self) -> datetime:
        return product_clock.now()

    def advance(self, **by: float) -> datetime:
        with transaction():
            return product_clock.advance(timedelta(**by))


@pytest.fixture
def clock(app: Flask) -> Clock:
    return Clock()


@pytest.fixture
def api(client: FlaskClient) -> Callable[[Person | None], Api]:
    """A script with somebody's key: `api(buyer).get("/wallet")`; `api(None)` has no key."""
    send = sender(client)
    return lambda person: Api(send, person.key if person else None)


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Run everything that follows from what happened."""
    return lambda: running.run_jobs(app)


@pytest.fixture
def later(request: pytest.FixtureRequest, clock: Clock, run_jobs: Callable[[], int]) -> Callable[..., None]:
    """Let time pass, and do what falls due: `later(days=8)`.

    Where nobody plays Stripe it is not asked for our balance there: its client would try again for a second and more.
    """
    asking = set() if "gateway" in request.fixturenames else {billing.reconcile_balance}

    def pass_by(**by: float) -> None:
        clock.advance(**by)
        run_jobs()
        for job in ON_THE_CLOCK:
            if job not in asking:
                job.func()
        run_jobs()

    return pass_by


@pytest.fixture(scope="session")
def served(product: Flask) -> Iterator[str]:
    """The address of the application behind a real socket, the same for all tests of a worker."""
    with running.serving(product) as address:
        yield address


@pytest.fixture
def live(app: Flask, served: str) -> str:
    """The address of the application, behind a real socket, for this test."""
    return served


@pytest.fixture(scope="session")
def emulators() -> Iterator[Emulators]:
    started = Emulators()
    yield started
    started.end()


@pytest.fixture
def gateway(emulators: Emulators, app: Flask, live: str, tmp_path: Path) -> Iterator[running.Payments]:
    """Stripe's stand-in, reached by the real client; its webhooks go to the live application."""
    with running.paying(emulators, app, live, tmp_path) as payments:
        yield payments


@pytest.fixture
def mail(app: Flask, box: Box) -> Box:
    return box


@pytest.fixture
def company(app: Flask) -> Callable[..., None]:
    """Be another company for a test: company(vat_id="IE6433435F", rates="IE=23")."""

    def be(**more: str) -> None:
        told = {"name": "Fairlead Exchange Ltd", "address": "1 Harbour Row, Dublin", "country": "IE"}
        documents.issue_as(documents.read_company(**{**told, "vat_id": "", "rates": "", **more}))

    return be
