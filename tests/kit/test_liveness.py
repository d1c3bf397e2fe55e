"""Kept connections that are gone are found without a ping, and replaced before anybody notices."""

import psycopg
import pytest
from sqlalchemy import event, text

from marketplace.kit.db import db, session, transaction


@pytest.fixture
def dsn(app):
    return db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def own_pid():
    with transaction():
        return session().scalar(text("SELECT pg_backend_pid()"))


def end_all(dsn):
    with psycopg.connect(dsn, autocommit=True) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchall()
    assert ended


def test_connections_ended_by_the_server_are_replaced(dsn):
    with db.engine.connect() as one, db.engine.connect() as two:
        one.execute(text("SELECT 1"))
        two.execute(text("SELECT 1"))
    before = own_pid()
    end_all(dsn)
    assert own_pid() != before
    with db.engine.connect() as one, db.engine.connect() as two:
        assert one.execute(text("SELECT 1")).scalar() == two.execute(text("SELECT 1")).scalar() == 1


def test_a_living_connection_is_kept_and_asked_nothing(dsn):
    before, asked = own_pid(), []

    def count(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert own_pid() == before
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert asked == ["SELECT pg_backend_pid()"]


def test_news_on_a_living_connection_is_no_reason_to_drop_it(dsn):
    with transaction():
        session().execute(text("LISTEN something"))
        before = session().scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(dsn, autocommit=True) as other:
        other.execute("NOTIFY something")
    assert own_pid() == before
    with transaction():
        session().execute(text("UNLISTEN *"))
