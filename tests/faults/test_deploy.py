"""Another version is started while people and workers are at work: what was begun is answered, or goes on."""

import io
import signal
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from marketplace import leads
from marketplace.insights import run_checks
from marketplace.kit import clock
from marketplace.kit.db import db, session, transaction
from marketplace.leads import imports
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.faults.clients import Clients, within
from tests.faults.conftest import free_port, serve_at
from tests.faults.listings import open_listing

pytestmark = pytest.mark.slow

PRICE = 5_00
#: what gunicorn gives to requests and the queue to jobs (10 s), and a slow machine
GRACE_S = 20


def on_sale(count):
    agency = make_person("agency").who
    with transaction():
        listing = open_listing(agency, price_cents=PRICE)
        return [str(got.lead_id) for got in leads.receive(listing, [make_lead() for _ in range(count)], by=agency)]


def dsn():
    return db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def is_waiting():
    """Whether somebody waits for a lock: the purchase has got that far."""
    with psycopg.connect(dsn()) as looker:
        return looker.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None


def children(server):
    return set(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split())


def test_a_server_is_replaced_under_load_and_answers_what_it_has_begun(app, part, tmp_path):
    count, port = 60, free_port()
    (slow_lead, *lead_ids), buyers = on_sale(count + 1), [make_person("buyer") for _ in range(3)]
    for buyer in buyers:
        fund(buyer.who, (count + 1) * PRICE)
    address, server = serve_at(part, tmp_path, 2, port)
    clients, slow = Clients(address), Clients(address)
    for place, buyer in enumerate(buyers):
        clients.buy(buyer, lead_ids[place::3], PRICE)
    within(20, lambda: len(clients.acknowledged) > count // 6)
    old = children(server)
    server.send_signal(signal.SIGHUP)  # its workers are replaced, one by one
    within(40, lambda: children(server) and not old & children(server))
    with psycopg.connect(dsn()) as holder:
        holder.execute("SELECT 1 FROM leads WHERE id = %s FOR UPDATE", [slow_lead])
        slow.buy(buyers[0], [slow_lead], PRICE)
        within(20, is_waiting)
        repeats = slow.repeats
        server.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert server.poll() is None
    slow.wait()
    assert (slow.statuses, slow.repeats) == ({201}, repeats)
    assert server.wait(GRACE_S) == 0
    serve_at(part, tmp_path, 2, port)
    clients.wait()
    assert clients.statuses <= {200, 201}
    session().rollback()
    bought = session().execute(text("SELECT lead_id::text AS lead, id::text FROM orders"))
    assert {row.lead: row.id for row in bought} == clients.acknowledged | slow.acknowledged
    assert len(clients.acknowledged) == count
    assert all(finding.holds for finding in run_checks())


ROWS = 3_000


def test_a_worker_that_ends_leaves_its_import_to_the_next_one(app, part, run_jobs):
    agency = make_person("agency").who
    with transaction():
        listing = open_listing(agency)
    consent = {"text": "I agree to be called.", "version": "1", "method": "form", "url": "https://forms.example"}
    stored = imports.store(io.BytesIO(a_file()), most=1 << 24)
    with transaction():
        row = imports.create(agency, listing.id, stored, file_name="big.csv", starts_itself=True, consent=consent)
    first = part("worker")
    within(60, lambda: how_far(row.id)[1] > 0)
    first.send_signal(signal.SIGTERM)
    assert first.wait(GRACE_S) == 0
    state, done = how_far(row.id)
    assert (state, 0 < done < ROWS) == ("running", True)
    queued = text(
        "SELECT status::text, count(*) FROM procrastinate_jobs WHERE task_name = 'leads.run_import' GROUP BY 1"
    )
    assert [tuple(each) for each in session().execute(queued)] == [("todo", 1)]
    run_jobs()
    assert how_far(row.id) == ("done", ROWS)
    assert session().scalar(text("SELECT count(DISTINCT import_row) FROM leads")) == ROWS
    assert session().scalar(text("SELECT count(*) FROM leads")) == ROWS


def a_file() -> bytes:
    at = (clock.now() - timedelta(days=2)).isoformat()
    lines = [
        f"Person {n:05},Tester,+1212{2_000_000 + n * 17 % 7_999_999:07},p{n}@example.com,{at}" for n in range(ROWS)
    ]
    return "\n".join(["First name,Last name,Phone,E-mail,Created", *lines]).encode()


def how_far(import_id):
    session().rollback()
    found = text("SELECT state, done FROM imports WHERE id = :id")
    return tuple(session().execute(found, {"id": import_id}).one())
