"""Two that migrate at the same time, with the limits that every connection of the product has."""

import threading
import time

import flask_migrate
import pytest
from sqlalchemy import event, text

from marketplace.cli.data import MIGRATIONS
from marketplace.kit.db import db

_TURN = "fairlead migrate"


@pytest.fixture
def limits(app):
    """Each connection waits for a lock a tenth of a second, or five where it is set back: limits(connection)."""
    names = ("lock_timeout", "statement_timeout")

    def shorten(connection, *_others):
        connection.execute("SET lock_timeout = '100ms'")
        connection.commit()

    db.engine.dispose()
    event.listen(db.engine, "connect", shorten)
    yield lambda connection: [connection.execute(text(f"SHOW {name}")).scalar() for name in names]
    event.remove(db.engine, "connect", shorten)
    db.engine.dispose()


def test_who_migrates_waits_for_another_who_does_and_leaves_no_limit_changed(app, limits):
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_advisory_lock(hashtext(:turn))"), {"turn": _TURN})
        other.commit()
        done = threading.Timer(0.5, lambda: (other.execute(text("SELECT pg_advisory_unlock_all()")), other.commit()))
        began = time.monotonic()
        done.start()
        try:
            flask_migrate.upgrade(directory=MIGRATIONS)
        finally:
            done.join()
        assert time.monotonic() - began > 0.4
    with db.engine.connect() as one, db.engine.connect() as two:
        assert sorted(limits(each) for each in (one, two)) == [["100ms", "1min"], ["5s", "1min"]]
