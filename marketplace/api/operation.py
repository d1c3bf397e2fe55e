"""What operators and load balancers ask: alive, ready, how busy."""

from functools import cache
from http import HTTPStatus

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from marketplace.api import errors, metrics
from marketplace.kit.db import session

blueprint = Blueprint("operation", __name__)
errors.install(blueprint)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is looked at."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """The database answers, and its schema is no older than this code.

    A newer one is as good: while it is migrated, what was started before goes on until its successors are there.
    """
    try:
        found = session().execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        return jsonify(status="the database does not answer"), HTTPStatus.SERVICE_UNAVAILABLE
    if found in _earlier(current_app.extensions["migrate"].directory):
        return jsonify(status="the database is not migrated"), HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ok"), HTTPStatus.OK


@blueprint.get("/metrics")
def figures() -> Response:
    """Prometheus' text form."""
    return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


@cache
def _earlier(directory: str) -> frozenset[str | None]:
    """The revisions before the newest that this code knows, and None, as in a database that was never migrated."""
    known = ScriptDirectory(directory)
    return frozenset({None, *(each.revision for each in known.walk_revisions())} - {known.get_current_head()})
