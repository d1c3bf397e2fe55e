"""Death before COMMIT: the database ends its own session when money is written and nothing is committed yet.

A deferred trigger fires at COMMIT, behind everything else that the transaction has done, also where the whole act is
one function of the database. Whether it is to strike is kept in a sequence: what a sequence says survives a rollback,
so it strikes once.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Visitor
from tests.prove.books import books_of_the_product
from tests.prove.rows import connect

_STRUCK, _WAITS = 1, 2
_MAKE = """
DROP SCHEMA IF EXISTS prove CASCADE;
CREATE SCHEMA prove;
CREATE SEQUENCE prove.death;
SELECT setval('prove.death', 1);
CREATE FUNCTION prove.die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (SELECT last_value FROM prove.death) = 2 THEN
    PERFORM setval('prove.death', 1);
    PERFORM pg_terminate_backend(pg_backend_pid());
    PERFORM pg_sleep(60);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER zz_dies AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION prove.die();
"""


class Death:
    """Strikes at most once each time that it is called for."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self.waits, self.strikes = False, 0

    @contextmanager
    def called(self) -> Iterator[None]:
        """Meanwhile the first COMMIT that would add to the ledger does not come about."""
        self._set(_WAITS)
        self.waits = True
        try:
            yield
        finally:
            self.has_struck()
            self.waits = False
            self._set(_STRUCK)

    def has_struck(self) -> bool:
        """Whether it has, since it was called for; told once."""
        found = self._connection.execute("SELECT last_value FROM prove.death").fetchone() if self.waits else None
        if found != (_STRUCK,):
            return False
        self.waits, self.strikes = False, self.strikes + 1
        return True

    def _set(self, value: int) -> None:
        self._connection.execute("SELECT setval('prove.death', %s)", [value])


@contextmanager
def dying() -> Iterator[Death]:
    """The worker's database with the trigger on it."""
    with connect() as connection:
        connection.execute(_MAKE)
        try:
            yield Death(connection)
        finally:
            connection.execute("DROP SCHEMA prove CASCADE")


def client_of(app: object, death: Death) -> FlaskClient:
    """Somebody who asks again in the same words, and under the same key, when the answer is that the database is gone;
    whatever was asked has not happened then."""

    class Patient(Visitor):
        def open(self, *args: object, **kwargs: object) -> TestResponse:
            waits = death.waits and not death.has_struck()  # it may have struck a job just now
            before = books_of_the_product() if waits else None
            answer = super().open(*args, **kwargs)
            if before is None or not death.has_struck():
                return answer
            assert answer.status_code == 503, answer.get_data(as_text=True)
            assert books_of_the_product() == before
            return super().open(*args, **kwargs)

    return Patient(app, app.response_class, use_cookies=True)
