"""Alembic runs on the application's own engine and compares with the models of every feature."""

from typing import Any

from alembic import context

from marketplace.kit.db import Base, db


def _is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """The job queue keeps its tables by itself."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


with db.engine.begin() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, include_object=_is_ours)
    context.run_migrations()
