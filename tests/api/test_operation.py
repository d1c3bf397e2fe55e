"""What operators ask, and what happens when the database does not answer."""

import threading
import time

import psycopg
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from marketplace.app import create_app
from marketplace.insights import check_books
from marketplace.kit.db import db, session, transaction
from tests.factories.chain import tamper, write
from tests.factories.leads import make_lead, make_listing
from tests.factories.people import make_person


def test_alive_and_ready(client):
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert (client.get("/readyz").status_code, client.get("/readyz").get_json()) == (200, {"status": "ok"})


@pytest.fixture
def revision(app):
    """Make the database say that it has another revision: revision(its word)."""

    def say(word):
        with transaction():
            session().execute(text("UPDATE alembic_version SET version_num = :word"), {"word": word})

    known = session().scalar(text("SELECT version_num FROM alembic_version"))
    session().rollback()
    yield say
    say(known)


def test_an_older_schema_is_not_ready(client, revision):
    revision("0061")
    assert client.get("/readyz").status_code == 503


def test_a_schema_that_is_newer_than_the_process_is_ready(client, revision):
    """Else the first step of a migration would take every process from its load balancer."""
    revision("of a later release")
    assert client.get("/readyz").status_code == 200


@pytest.fixture
def away(app, mail):
    """The same application whose database cannot be reached."""
    lost = app.extensions["settings"].but(database_url="postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    return create_app(lost, transport=mail)


def test_a_database_that_is_away_is_a_503_that_says_when_to_come_back(away):
    visitor = away.test_client()
    with capture_logs() as logs:
        answer = visitor.get("/api/v1/wallet", headers={"Authorization": "Bearer flk_x"})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert [line["event"] for line in logs] == ["request.busy"]
    assert visitor.get("/readyz").status_code == 503
    assert visitor.get("/healthz").status_code == 200
    assert b"fairlead_job_lag_seconds" not in visitor.get("/metrics").data


def test_a_statement_that_waited_too_long_is_a_503_and_changed_nothing(app, api):
    agency = make_person("agency")
    listing = api(agency).post("/listings", make_listing())["id"]
    dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as holder, psycopg.connect(dsn, autocommit=True) as doorman:
        holder.execute("SELECT 1 FROM listings WHERE id = %s FOR UPDATE", [listing])
        asking = threading.Thread(target=cancel_whoever_waits, args=(doorman,))
        asking.start()
        answer = api(agency).patch(f"/listings/{listing}", {"title": "Another title"})
        asking.join()
    assert (answer.status, answer.code) == (503, "busy")
    assert api(agency).get(f"/listings/{listing}")["title"] == "Career courses"


def cancel_whoever_waits(connection):
    """As PostgreSQL itself does when lock_timeout or statement_timeout is over."""
    waits = """SELECT pg_cancel_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    until = time.monotonic() + 10
    while time.monotonic() < until and not connection.execute(waits).fetchall():
        time.sleep(0.02)


def test_a_bug_is_a_500_with_a_number_and_without_a_word_of_what_was_sent(app, api):
    agency = make_person("agency")
    listing = api(agency).post("/listings", make_listing())["id"]
    api(agency).patch(f"/listings/{listing}", {"state": "active"})
    with transaction():
        session().execute(text("ALTER TABLE leads ADD CONSTRAINT broken CHECK (campaign <> 'canary-campaign')"))
    try:
        with capture_logs() as logs:
            sent = make_lead(campaign="canary-campaign", email="canary@gmail.com")
            answer = api(agency).post(f"/listings/{listing}/leads", sent)
    finally:
        with transaction():
            session().execute(text("ALTER TABLE leads DROP CONSTRAINT broken"))
    assert (answer.status, answer.code) == (500, "internal")
    assert answer.headers["X-Request-Id"] in answer["error"]["message"]
    (line,) = logs
    assert (line["event"], line["constraint"], line["sqlstate"]) == ("request.failed", "broken", "23514")
    assert "canary" not in str(logs)
    assert "canary" not in answer.text


def test_figures_count_requests_by_route_and_say_how_far_the_queue_is_behind(client, api):
    buyer = make_person("buyer")
    api(buyer).get("/orders/00000000-0000-7000-8000-000000000000")
    client.get("/no/such/page/somebody")
    figures = client.get("/metrics").get_data(as_text=True)
    counted = 'fairlead_http_requests_total{method="GET",route="/api/v1/orders/<uuid:order_id>",status="404"}'
    assert counted in figures
    assert 'route="none",status="404"' in figures
    assert "somebody" not in figures
    assert "fairlead_http_request_seconds_bucket" in figures
    assert "fairlead_job_lag_seconds 0.0" in figures
    assert "fairlead_events_waiting 0.0" not in figures


def test_figures_say_whether_the_books_are_looked_after(client, clock):
    def figures():
        lines = client.get("/metrics").get_data(as_text=True).splitlines()
        return {
            name: float(value)
            for name, value in (line.rsplit(" ", 1) for line in lines if line.startswith("fairlead_"))
        }

    write("a")
    tamper("UPDATE ledger_unsealed SET since = now() - interval '2 hours'")
    told = figures()
    assert 7200 <= told["fairlead_unsealed_seconds"] < 7300
    assert "fairlead_books_broken" not in told
    check_books()
    told = figures()
    assert (told["fairlead_unsealed_seconds"], told["fairlead_books_broken"]) == (0, 0)
    clock.advance(days=2)
    assert 172_800 <= figures()["fairlead_books_checked_seconds"] < 172_900
    tamper("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'wallet_cash'")
    check_books()
    assert figures()["fairlead_books_broken"] == 1
