"""Imports that meet trouble: rows that cannot be stored, files that are gone, listings that close meanwhile."""

import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketplace import catalog
from marketplace.catalog import ListingNotOpen, ListingState
from marketplace.kit.db import session, transaction
from marketplace.leads import imports
from marketplace.leads.imports.running import CHUNK
from marketplace.leads.models import Import, ImportRow, Lead
from marketplace.leads.reading import Row, some
from tests.factories.leads import make_lead
from tests.factories.people import make_person
from tests.faults.listings import open_listing

CONSENT = {"text": "I agree to be called.", "version": "1", "method": "form"}
HEADER = "First name,Last name,Phone,E-mail,Created,Campaign,Lead ID"
_POISON = """
CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.campaign = 'poison' THEN RAISE EXCEPTION 'too large' USING ERRCODE = '54000'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poison BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION refuse_poison()
"""


def line(**more):
    lead = make_lead(campaign="Autumn", **more)
    parts = ("first_name", "last_name", "phone", "email", "submitted_at", "campaign", "external_id")
    return ",".join(lead[part] for part in parts)


@pytest.fixture
def who(app):
    return make_person("agency").who


@pytest.fixture
def listing(who):
    with transaction():
        return open_listing(who)


@pytest.fixture
def started(who, listing):
    """An import of these lines that was started and waits for its worker: -> its id."""

    def start(lines):
        stored = imports.store(io.BytesIO("\n".join([HEADER, *lines]).encode()), most=1 << 26)
        with transaction():
            row = imports.create(who, listing.id, stored, file_name="a.csv", starts_itself=True, consent=CONSENT)
        with transaction():
            imports.guess(row.id)
        return row.id

    return start


@pytest.fixture
def poison(app):
    """The database refuses leads of the campaign `poison`."""
    with transaction():
        session().execute(text(_POISON))
    yield
    with transaction():
        session().execute(text("DROP FUNCTION refuse_poison CASCADE"))


@pytest.fixture(
    params=[
        ("ALTER TABLE leads ADD COLUMN newer text NOT NULL", "ALTER TABLE leads DROP COLUMN newer"),
        ("ALTER TABLE leads RENAME COLUMN campaign TO newer", "ALTER TABLE leads RENAME COLUMN newer TO campaign"),
    ],
    ids=["needs a column more", "has another name for one"],
)
def other_schema(app, request):
    """The schema of another version: -> what puts it right."""
    wrong, right = request.param

    def bring(statement):
        with transaction():
            session().execute(text(statement))

    bring(wrong)
    todo = [right]
    yield lambda: bring(todo.pop())
    for statement in todo:
        bring(statement)


def found(import_id):
    session().rollback()
    return session().get_one(Import, import_id, populate_existing=True)


def rejected():
    return session().scalars(select(ImportRow).order_by(ImportRow.number)).all()


def test_a_row_that_the_database_refuses_costs_itself_only(started, poison):
    import_id = started([line().replace("Autumn", "poison") if n in {3, 7} else line() for n in range(10)])
    imports.run(import_id)
    row = found(import_id)
    assert (row.state, row.done, row.accepted, row.rejected) == ("done", 10, 8, 2)
    assert [each.number for each in rejected()] == [5, 9]
    assert "could not be stored" in rejected()[0].reasons[0]["message"]
    assert len(session().scalars(select(Lead.id)).all()) == 8


def test_a_server_that_lacks_what_a_process_needs_loses_no_row(started, other_schema):
    import_id = started([line() for _n in range(10)])
    with pytest.raises(DBAPIError):
        imports.run(import_id)
    row = found(import_id)
    assert (row.state, row.done, row.rejected) == ("running", 0, 0)
    other_schema()
    imports.run(import_id)
    row = found(import_id)
    assert (row.state, row.accepted, row.rejected) == ("done", 10, 0)


def test_a_value_far_too_long_rejects_its_row_by_its_field(started):
    import_id = started([line(), line(external_id="x" * 9_000), line(email="y" * 9_000 + "@example.com")])
    imports.run(import_id)
    row = found(import_id)
    assert (row.state, row.accepted, row.rejected) == ("done", 1, 2)
    reasons = [each.reasons[0] for each in rejected()]
    assert [(reason["code"], reason["field"]) for reason in reasons] == [
        ("field_invalid", "external_id"),
        ("field_invalid", "email"),
    ]
    assert dict(imports.forecast(row).reasons) == {"field_invalid": 2, "duplicate_own": 1}


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-40])])
def test_a_file_that_cannot_be_read_any_more_fails_with_a_sentence(app, started, harm):
    import_id = started([line()])
    harm(Path(urlsplit(app.extensions["settings"].files_url).path) / found(import_id).stored_as)
    imports.run(import_id)
    row = found(import_id)
    assert (row.state, row.done) == ("failed", 0)
    assert "Upload it again" in row.failure
    assert row.finished_at


def test_an_import_into_a_listing_that_closed_stops_until_it_opens_again(who, listing, started):
    import_id = started([line() for _n in range(CHUNK + 1)])

    def close(_taken):
        with transaction():
            catalog.move(who, listing.id, ListingState.PAUSED)

    imports.run(import_id, close)
    row = found(import_id)
    assert (row.state, row.done) == ("paused", CHUNK)
    assert "no longer open" in row.failure
    with pytest.raises(ListingNotOpen), transaction():
        imports.resume(who, import_id)
    with transaction():
        catalog.move(who, listing.id, ListingState.ACTIVE)
    with transaction():
        imports.resume(who, import_id)
    imports.run(import_id)
    row = found(import_id)
    assert (row.state, row.done, row.failure) == ("done", CHUNK + 1, None)


def test_long_rows_come_in_smaller_chunks():
    rows = iter([Row(number, ["x" * 90_000]) for number in range(100)])
    taken = some(rows, 500)
    assert sum(len(row.cells[0]) for row in taken) < 8_100_000
    assert next(rows).number == len(taken)
