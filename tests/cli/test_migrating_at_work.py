"""A database that is migrated while the processes of before go on with their work."""

from uuid import UUID

import flask_migrate
import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from marketplace.app import create_app
from marketplace.cli.data import MIGRATIONS
from marketplace.kit.db import db
from marketplace.kit.ids import new_id
from marketplace.leads.placing import place_anew

_BEFORE, _AFTER = "0057", "0058"
_LONG = ("leads SET place", "CREATE INDEX CONCURRENTLY")
_AGENCY = """
INSERT INTO organisations (id, kind, name, country, website, registration_number, grade, created_at)
VALUES (%s, 'agency', 'Good leads', 'US', '', '', 'A', now())
"""
_LEAD = """
INSERT INTO leads (id, agency_id, listing_id, vertical, state, slots_total, slots_taken, country, initials,
  contact_type, channel, preview, checks, sealed, submitted_at, expires_at, received_at)
VALUES (%s, %s, %s, 'education', 'available', 1, 0, 'US', 'M. S.', 'registration', 'search', '{}', '{}', '', %s,
  now() + interval '30 days', now())
"""
_TWIN = "INSERT INTO lead_twins (lead_id, twin_id, if_sold, if_on_sale) VALUES (%s, %s, true, false)"
_ASKED = "2026-03-01T12:00:00+00:00"


@pytest.fixture
def older(app, mail):
    """An application on a database of its own, of before leads had places: -> its address for psycopg."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    name = f"{url.database}_older"
    server = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)
    server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    here = url.set(database=name)
    settings = app.extensions["settings"].but(database_url=here.render_as_string(hide_password=False))
    with create_app(settings, transport=mail).app_context():
        flask_migrate.upgrade(directory=MIGRATIONS, revision=_BEFORE)
        yield here.set(drivername="postgresql").render_as_string(hide_password=False)
        db.session.remove()
        db.engine.dispose()
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


class Older:
    """A process of before: it takes a lead in, as it always did, and waits for nobody longer than a moment."""

    def __init__(self, dsn: str) -> None:
        self.agency_id, self.lead_ids = new_id(), []
        self._connection = psycopg.connect(dsn, autocommit=True, options="-c lock_timeout=200ms")
        self._connection.execute("SET session_replication_role = replica")  # no foreign keys
        self._connection.execute(_AGENCY, [self.agency_id])

    def work(self) -> UUID:
        lead_id = new_id()
        self._connection.execute(_LEAD, [lead_id, self.agency_id, new_id(), _ASKED])
        self.lead_ids.append(lead_id)
        return lead_id

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def process(older):
    process = Older(older)
    yield process
    process.close()


@pytest.fixture
def meanwhile(process):
    """The process works before each step that takes long: -> those steps."""
    steps = []

    def work(_connection, _cursor, statement, *_others):
        if any(words in statement for words in _LONG):
            steps.append(statement)
            process.work()

    event.listen(db.engine, "before_cursor_execute", work)
    yield steps
    event.remove(db.engine, "before_cursor_execute", work)


def head_starts(lead_ids):
    """By how many hours these leads count as younger than they are."""
    hours = text("""
    SELECT round(extract(epoch FROM place - submitted_at) / 3600, 1) FROM leads WHERE id = ANY(:ids) ORDER BY id
    """)
    with db.engine.connect() as connection:
        return [float(each) for each in connection.scalars(hours, {"ids": lead_ids})]


def test_leads_get_their_places_and_work_goes_on_meanwhile(process, meanwhile):
    known = [process.work() for _n in range(3)]
    flask_migrate.upgrade(directory=MIGRATIONS, revision=_AFTER)
    assert head_starts(known) == [6.3] * 3
    assert sum("CREATE INDEX CONCURRENTLY" in step for step in meanwhile) == 2
    assert len(process.lead_ids) == 3 + len(meanwhile)


def test_who_is_not_started_anew_yet_goes_on_and_its_leads_get_their_places_at_night(process):
    flask_migrate.upgrade(directory=MIGRATIONS, revision=_AFTER)
    late = [process.work()]
    flask_migrate.upgrade(directory=MIGRATIONS)
    late.append(process.work())
    assert head_starts(late) != [6.3] * 2
    assert place_anew(process.agency_id) == 2
    assert head_starts(late) == [6.3] * 2


def test_begun_again_after_a_failure_it_comes_to_the_same(process):
    known = process.work()

    def fail(_connection, _cursor, statement, parameters, *_others):
        is_last = "CREATE INDEX CONCURRENTLY ix_leads_on_sale_vertical_place" in statement
        return ("SELECT 1 / 0" if is_last else statement), parameters

    event.listen(db.engine, "before_cursor_execute", fail, retval=True)
    try:
        with pytest.raises(DBAPIError, match="division by zero"):
            flask_migrate.upgrade(directory=MIGRATIONS, revision=_AFTER)
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)
    with db.engine.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "5s"
    flask_migrate.upgrade(directory=MIGRATIONS, revision=_AFTER)
    assert head_starts([known]) == [6.3]
    valid = text("SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'leads'::regclass")
    by_vertical = text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_leads_on_sale_vertical'")
    with db.engine.connect() as connection:
        assert connection.scalar(valid)
        assert "(vertical, place, id)" in connection.scalar(by_vertical)


def test_twins_are_found_among_the_leads_that_were_there_before(process, older):
    lately, long_ago = ([process.work() for _n in range(2)] for _times in range(2))
    with psycopg.connect(older, autocommit=True) as server:
        server.execute("SET session_replication_role = replica")
        old = "UPDATE leads SET state = 'expired', received_at = now() - interval '91 days' WHERE id = ANY(%s)"
        server.execute(old, [long_ago])
        for digest, lead_ids in ((b"one", lately), (b"another", long_ago)):
            for lead_id in lead_ids:
                key = "INSERT INTO lead_keys VALUES (%s, 'phone', %s, %s, now())"
                server.execute(key, [lead_id, process.agency_id, digest])
        flask_migrate.upgrade(directory=MIGRATIONS)
        found = server.execute("SELECT lead_id, twin_id FROM lead_twins ORDER BY lead_id").fetchall()
        assert found == [tuple(lately), tuple(reversed(lately))]
        server.execute(_TWIN, long_ago)  # who is not started anew yet goes on
