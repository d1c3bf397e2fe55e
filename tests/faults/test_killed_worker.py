"""A worker is killed in the middle of an import: after a restart the import finishes by itself, every row once."""

import io
import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.leads import imports
from tests.factories.people import make_person
from tests.faults.listings import open_listing

ROWS, DOUBLES = 2_000, 100


@pytest.mark.slow
def test_an_import_survives_its_worker(app: Flask, part: Callable[..., subprocess.Popen[bytes]]):
    agency = make_person("agency").who
    with transaction():
        listing = open_listing(agency)
    stored = imports.store(io.BytesIO(a_file()), most=1 << 24)
    consent = {"text": "I agree to be called.", "version": "1", "method": "form", "url": "https://forms.example"}
    with transaction():
        row = imports.create(agency, listing.id, stored, file_name="big.csv", starts_itself=True, consent=consent)

    first = part("worker")
    wait_until(lambda: progress(row.id)[1] > 0)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    state, done, _accepted, _rejected = progress(row.id)
    assert state == "running"
    assert 0 < done < ROWS

    part("worker")
    wait_until(lambda: progress(row.id)[0] == "done")
    assert progress(row.id) == ("done", ROWS, ROWS - DOUBLES, DOUBLES)
    assert session().scalar(text("SELECT count(*) FROM leads")) == ROWS - DOUBLES
    assert session().scalar(text("SELECT count(DISTINCT import_row) FROM leads")) == ROWS - DOUBLES


def a_file() -> bytes:
    """A file in which the last rows repeat the first ones."""
    at = (clock.now() - timedelta(days=2)).isoformat()
    people = [*range(ROWS - DOUBLES), *range(DOUBLES)]
    lines = [f"Person {n:05},Tester,+1212{2_000_000 + n * 17 % 7_999_999:07},p{n}@example.com,{at}" for n in people]
    return "\n".join(["First name,Last name,Phone,E-mail,Created", *lines]).encode()


def progress(import_id: object) -> tuple[str, int, int, int]:
    session().rollback()
    found = text("SELECT state, done, accepted, rejected FROM imports WHERE id = :id")
    row = session().execute(found, {"id": import_id}).one()
    return row.state, row.done, row.accepted, row.rejected


def wait_until(is_so: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
