"""Statements without a session: part of a transaction, or alone; errors as everywhere else."""

import pytest
from sqlalchemy import Integer, bindparam, func, literal, literal_column, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import UnmappedInstanceError

from marketplace.kit.db import session, transaction
from marketplace.kit.direct import Act, NoTransaction, Read, alone, snapshot
from marketplace.people import Organisation

SUM = Read(select((bindparam("a", type_=Integer()) + literal(2)).label("sum"), literal("it's 100 %").label("words")))
COUNT = Read(select(func.count().label("rows")).select_from(Organisation))
OPEN = Act(
    select(func.fl_open(bindparam("name")).label("name")),
)


@pytest.fixture
def opening(app):
    """A function of the database that changes something."""
    body = "INSERT INTO tries (subject, window_start, count) VALUES (name, now(), 1) RETURNING subject"
    with transaction():
        session().execute(text(f"CREATE FUNCTION fl_open(name text) RETURNS text LANGUAGE sql AS $$ {body} $$"))
    yield
    with transaction():
        session().execute(text("DROP FUNCTION fl_open"))


def opened():
    with transaction():
        return set(session().scalars(text("SELECT subject FROM tries")))


def test_what_is_fixed_stands_in_the_statement_and_what_changes_is_sent(app):
    assert SUM.names == ["a"]
    row = SUM.first(a=40)
    assert (row.sum, row.words) == (42, "it's 100 %")
    assert COUNT.first().rows == 0
    assert Read(select(literal_column("1"), literal_column("2"))).first() == (1, 2)
    assert Read(select(Organisation.id)).first() is None


def test_an_act_alone_stands_at_once(opening):
    with alone():
        assert OPEN.first(name="one").name == "one"
    assert opened() == {"one"}


def test_an_act_in_a_transaction_ends_as_the_transaction_does(opening):
    def open_and_break():
        with transaction():
            OPEN.first(name="one")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        open_and_break()
    assert opened() == set()
    with transaction():
        session().add(Organisation(kind="buyer", name="X", country="US", created_at=func.now()))
        assert COUNT.first().rows == 1  # what the session has not written yet is seen
        OPEN.first(name="two")
    assert opened() == {"two"}


def test_an_act_needs_an_edge(opening):
    with pytest.raises(NoTransaction):
        OPEN.first(name="one")
    with alone():
        pass
    with pytest.raises(NoTransaction):
        OPEN.first(name="one")
    assert opened() == set()


def test_errors_are_those_of_a_session(opening):
    broken = Read(select(literal(1) / bindparam("by", type_=Integer())))
    with pytest.raises(DBAPIError, match="division by zero") as told:
        broken.first(by=0)
    assert told.value.orig.sqlstate == "22012"
    with transaction():
        with pytest.raises(DBAPIError), session().begin_nested():
            broken.first(by=0)
        assert SUM.first(a=1).sum == 3


def test_a_connection_that_is_lost_in_the_middle_is_told_and_replaced(app):
    ended = Read(select(func.pg_terminate_backend(func.pg_backend_pid())))
    with pytest.raises(OperationalError) as told:
        ended.first()
    assert told.value.connection_invalidated
    assert SUM.first(a=1).sum == 3


def test_a_snapshot_gives_what_was_read_and_nothing_else(app):
    seen = snapshot(Organisation, {"name": "Northbeam"})
    assert seen.name == "Northbeam"
    with pytest.raises(UnmappedInstanceError):
        _ = seen.country
    with pytest.raises(UnmappedInstanceError):
        session().add(seen)
