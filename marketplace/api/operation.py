"""What operators and load balancers ask: alive, ready, how busy."""

from functools import cache

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from marketplace.api import errors, metrics
from marketplace.kit.db import session

blueprint = Blueprint("operation", __name__)
errors.install(blueprint)

_UNREADY = 503


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is looked at."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """The database answers and has the schema that this code was written for."""
    try:
        found = session().execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        return jsonify(status="the database does not answer"), _UNREADY
    if found != _newest(current_app.extensions["migrate"].directory):
        return jsonify(status="the database is not migrated"), _UNREADY
    return jsonify(status="ok"), 200


@blueprint.get("/metrics")
def figures() -> Response:
    """Prometheus' text form."""
    return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


@cache
def _newest(directory: str) -> str | None:
    return ScriptDirectory(directory).get_current_head()
