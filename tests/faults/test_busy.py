"""A row that somebody holds for a minute, no free connection, a store without room: a 503 in time, never a 500."""

import errno
import os
import threading
import time
import uuid
from contextlib import contextmanager

import httpx
import psycopg
import pytest

from marketplace.app import create_app
from marketplace.insights import run_checks
from marketplace.kit.db import db
from marketplace.kit.trouble import is_passing
from tests.conftest import Visitor
from tests.factories import running
from tests.factories.money import funded_buyer
from tests.factories.pages import Reader
from tests.factories.people import make_person
from tests.factories.story import purchase, put_on_sale

#: lock_timeout is 5 s, waiting for a connection 10 s; the rest is a slow machine
LOCK_S, POOL_S, SLACK_S = 5, 10, 8

pytestmark = pytest.mark.slow


@pytest.fixture
def buyer(app):
    return funded_buyer(100_00)


@contextmanager
def held(statement, *values):
    """Somebody whose transaction does not end."""
    dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as holder:
        holder.execute(statement, values)
        yield


def buy_by_script(address, buyer, lead_id, key):
    headers = {"Authorization": f"Bearer {buyer.key}", "Idempotency-Key": key}
    with httpx.Client(base_url=address, timeout=60, trust_env=False, verify=False) as script:
        return script.post("/api/v1/orders", json=purchase(lead_id), headers=headers)


def at_once(*calls):
    """Each in a thread of its own: what came back, and after how many seconds."""
    answers = [None] * len(calls)

    def one(place):
        began = time.monotonic()
        answers[place] = calls[place](), time.monotonic() - began

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_lead_that_is_locked_for_a_minute_is_a_503_in_time_and_is_bought_afterwards(api, app, buyer, live):
    script_lead, page_lead = put_on_sale(api(make_person("agency")), count=2)
    reader, key = Reader(Visitor(app, app.response_class, use_cookies=True)), str(uuid.uuid4())
    assert reader.sign_in(buyer).status == 303
    click = {"price": 2_500, "currency": "USD", "key": str(uuid.uuid4())}
    with held("SELECT 1 FROM leads FOR UPDATE"):
        (script, waited), (page, stared) = at_once(
            lambda: buy_by_script(live, buyer, script_lead, key),
            lambda: reader.post(f"/catalog/{page_lead}/purchase", **click),
        )
        assert (script.status_code, script.json()["error"]["code"]) == (503, "busy")
        assert (page.status, "We are busy for a moment" in page.words) == (503, True)
        assert int(script.headers["Retry-After"]) > 0
        assert int(page.headers["Retry-After"]) > 0
        assert max(waited, stared) < LOCK_S + SLACK_S
    assert buy_by_script(live, buyer, script_lead, key).status_code == 201
    assert reader.post(f"/catalog/{page_lead}/purchase", **click).status == 303
    assert api(buyer).get("/wallet").body["held"] == 5_000
    assert all(finding.holds for finding in run_checks())


def test_without_a_free_connection_both_faces_say_so_in_time(api, app, mail, buyer):
    (lead_id,) = put_on_sale(api(make_person("agency")))
    small = create_app(app.extensions["settings"].but(pool_size=1), transport=mail)
    reader, key = Reader(Visitor(small, small.response_class, use_cookies=True)), str(uuid.uuid4())
    assert reader.sign_in(buyer).status == 303
    try:
        with running.serving(small) as address:
            with small.app_context(), db.engine.connect(), db.engine.connect():
                (script, waited), (page, stared) = at_once(
                    lambda: buy_by_script(address, buyer, lead_id, key),
                    lambda: reader.get("/wallet"),
                )
            assert (script.status_code, script.json()["error"]["code"]) == (503, "busy")
            assert (page.status, "Retry-After" in page.headers) == (503, True)
            assert max(waited, stared) < POOL_S + SLACK_S
            assert buy_by_script(address, buyer, lead_id, key).status_code == 201
    finally:
        with small.app_context():
            db.engine.dispose()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_store_without_room_is_a_503_for_people_and_scripts(app, box, number):
    full = create_app(app.extensions["settings"], transport=box)

    def store():
        raise OSError(number, os.strerror(number))

    full.add_url_rule("/full", view_func=store)
    answer = Reader(full.test_client()).get("/full")
    assert (answer.status, "We are busy for a moment" in answer.words) == (503, True)
    assert int(answer.headers["Retry-After"]) > 0


def test_what_is_a_bug_is_not_taken_for_trouble_that_passes():
    assert not is_passing(OSError(errno.ENOENT, "no such file"))
    assert not is_passing(ValueError("a bug"))
    assert not is_passing(psycopg.errors.CheckViolation())
    for kind in ("DiskFull", "DeadlockDetected", "LockNotAvailable", "AdminShutdown", "CannotConnectNow"):
        assert is_passing(getattr(psycopg.errors, kind)())
