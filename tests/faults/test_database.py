"""A whole installation whose PostgreSQL is killed, and whose disk is full, under purchases and payouts."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import flask_migrate
import httpx
import pytest
from flask import Flask
from sqlalchemy import text

from marketplace import leads
from marketplace.app import create_app
from marketplace.billing import calls
from marketplace.cli.data import MIGRATIONS
from marketplace.insights import run_checks
from marketplace.kit import clock
from marketplace.kit.db import db, session, transaction
from marketplace.kit.embedded_postgres import EmbeddedPostgres
from marketplace.kit.embedded_postgres.processes import listener
from tests.factories import running
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.payouts import make_payable_at_stripe
from tests.factories.people import Person, make_person
from tests.faults.clients import BOUND_S, Clients, within
from tests.faults.conftest import environment_of, free_port, is_ready, parts, serve_at
from tests.faults.listings import open_listing
from tests.faults.test_crash_points import objects

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.xdist_group("an installation")]

#: more of them outside of the ordinary run: FAULT_KILLS=20
KILLS = int(os.environ.get("FAULT_KILLS", "2"))
LEADS, PRICE, BACK_S = 60 * KILLS, 5_00, 10
#: room for a cluster with the schema, and some for its journal
_ROOM_MIB = 320


@contextmanager
def small_disk():
    """A folder on a disk of its own that can be filled; on the ordinary one where this machine lets nobody mount."""
    folder = Path(tempfile.mkdtemp(prefix="fairlead-faults-")).resolve()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM_MIB}m,mode=711", "fairlead-faults", str(folder)]
    is_own = (
        shutil.which("mount") is not None and not subprocess.run(mount, capture_output=True, check=False).returncode
    )
    folder.chmod(0o711)
    try:
        yield folder, is_own
    finally:
        if is_own:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Installation:
    """A database of its own that keeps its promises, a web server, a worker, Stripe's stand-in."""

    app: Flask
    postgres: EmbeddedPostgres
    payments: running.Payments
    address: str
    start: object
    disk: Path
    can_be_filled: bool

    def kill_database(self) -> None:
        """End it as a crash of its machine does; whoever looks after it starts it again at once."""
        os.kill(listener(self.postgres.socket_folder), signal.SIGKILL)
        self.postgres.start()

    def come_to_rest(self) -> None:
        """What workers left behind is done, as another worker would: jobs they had begun, calls without an outcome."""
        session().rollback()
        with transaction():
            clock.advance(timedelta(minutes=5))
            session().execute(text("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'"))
        calls.reconcile()
        running.run_jobs(self.app)
        session().rollback()


@pytest.fixture(scope="module")
def installation(product, box, emulators, tmp_path_factory):
    folder, settings = tmp_path_factory.mktemp("installation"), product.extensions["settings"]
    with ExitStack() as stack:
        disk, is_own = stack.enter_context(small_disk())
        postgres = EmbeddedPostgres(disk)
        stack.callback(postgres.remove)
        own = settings.but(database_url=postgres.start(tied=True))
        lasting = create_app(own, transport=box)
        stack.enter_context(lasting.app_context())
        stack.callback(db.engine.dispose)
        stack.callback(db.session.remove)
        flask_migrate.upgrade(directory=MIGRATIONS)
        port = free_port()
        payments = stack.enter_context(running.paying(emulators, lasting, f"http://127.0.0.1:{port}", folder))
        here = environment_of(own.but(stripe_api_base=calls.gateway().checkout_origin))
        start = stack.enter_context(parts(here, folder))
        address, _process = serve_at(start, folder, 2, port)
        yield Installation(lasting, postgres, payments, address, start, disk, is_own)


def on_sale(count: int) -> list[str]:
    agency = make_person("agency").who
    with transaction():
        listing = open_listing(agency, price_cents=PRICE)
        return [str(got.lead_id) for got in leads.receive(listing, [make_lead() for _ in range(count)], by=agency)]


def rich(cents: int) -> Person:
    buyer = make_person("buyer")
    fund(buyer.who, cents)
    return buyer


def orders() -> dict[str, str]:
    session().rollback()
    return {row.lead: row.id for row in session().execute(text("SELECT lead_id::text AS lead, id::text FROM orders"))}


def broken():
    session().rollback()
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds}


def test_kill_nine_of_the_database_and_of_the_worker_under_load(installation, record_property):
    known = orders()
    agencies = [make_payable_at_stripe(installation.payments) for _ in range(KILLS + 1)]
    buyers, lead_ids = [rich(LEADS * PRICE) for _ in range(3)], on_sale(LEADS)
    worker = installation.start("worker")
    clients = Clients(installation.address)
    for place, buyer in enumerate(buyers):
        clients.buy(buyer, lead_ids[place::3], PRICE)
    back = []
    for agency in agencies:
        clients.want_payout(agency)
        bought = len(clients.acknowledged)
        within(30, lambda so_far=bought: clients.are_done or len(clients.acknowledged) > so_far + 5)
        killed_at = time.monotonic()
        installation.kill_database()
        within(BACK_S, lambda: is_ready(installation.address))
        back.append(time.monotonic() - killed_at)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        worker = installation.start("worker")
    clients.wait()
    worker.kill()
    worker.wait()
    record_property("back_after_s", [round(seconds, 1) for seconds in back])
    record_property("slowest_answer_s", round(clients.slowest_s, 1))
    assert max(back) < BACK_S
    assert clients.slowest_s < BOUND_S
    assert clients.statuses <= {200, 201, 503}
    bought = {name: got for name, got in clients.acknowledged.items() if name in set(lead_ids)}
    assert orders() == known | bought
    assert len(bought) == LEADS
    installation.come_to_rest()
    sent = text("SELECT id::text FROM payouts WHERE state IN ('sent', 'paid')")
    assert set(session().scalars(sent)) == set(clients.acknowledged.values()) - set(bought.values())
    assert objects(installation.payments)["transfer"] == len(agencies)
    assert not broken()


def test_a_full_disk_is_a_503_and_nothing_is_lost(installation):
    if not installation.can_be_filled:
        pytest.skip("only root can mount a disk that can be filled")
    known = orders()
    buyer, lead_ids = rich(150 * PRICE), on_sale(150)
    clients = Clients(installation.address)
    ballast = installation.disk / "ballast"
    fill(ballast)
    clients.buy(buyer, lead_ids, PRICE)
    within(60, lambda: clients.are_done or httpx.codes.SERVICE_UNAVAILABLE in clients.statuses)
    assert 503 in clients.statuses, "the disk was never full"
    ballast.unlink()
    within(BACK_S, lambda: is_ready(installation.address))
    clients.wait()
    assert clients.statuses <= {200, 201, 503}
    assert clients.slowest_s < BOUND_S
    assert orders() == known | clients.acknowledged
    installation.come_to_rest()
    assert not broken()


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file, suppress(OSError):  # closing has nothing left to write
        while True:
            file.write(b"\0" * (1 << 16))
