"""What the migrations have made of the database's own code is held in one document, to be read."""

import os
from collections import defaultdict
from pathlib import Path

import psycopg
from psycopg.rows import namedtuple_row

from tests.conftest import TEMPLATE, dsn_of, make_database

PAGE = Path(__file__).parents[1] / "docs/schema/functions.sql"
HEAD = """\
-- Our SQL functions as the database has them after all migrations, by name; below each the triggers that call it.
-- A test holds this page against the database. After a migration that changes one: make schema
"""
#: those of the job queue are its own
FUNCTIONS = """
    SELECT p.oid, pg_get_functiondef(p.oid) AS code FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.proname NOT LIKE 'procrastinate%'
    ORDER BY p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid) COLLATE "C"
"""
TRIGGERS = """
    SELECT t.tgfoid AS oid, pg_get_triggerdef(t.oid) AS code FROM pg_trigger t
    WHERE NOT t.tgisinternal ORDER BY t.tgrelid::regclass::text COLLATE "C", t.tgname COLLATE "C"
"""


def page(connection: psycopg.Connection) -> str:
    """The functions and triggers of the database as SQL."""
    cursor = connection.cursor(row_factory=namedtuple_row)
    calling = defaultdict(list)
    for trigger in cursor.execute(TRIGGERS):
        calling[trigger.oid].append(f"{trigger.code};")
    found = (
        "\n".join([f"{function.code.rstrip()};", *calling[function.oid]]) for function in cursor.execute(FUNCTIONS)
    )
    return "\n\n".join([HEAD.rstrip(), *found]) + "\n"


def test_the_page_of_functions_is_what_the_migrations_make():
    make_database("fairlead_schema", TEMPLATE)  # in the workers' own databases tests make functions too
    with psycopg.connect(dsn_of("fairlead_schema")) as connection:
        made = page(connection)
    if os.environ.get("RENEW"):
        PAGE.write_text(made)
    assert PAGE.read_text() == made, "the database's functions are others than the page says: run `make schema`"
