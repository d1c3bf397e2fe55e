"""The API as a face of the application."""

from typing import Any

from flask import Flask

from marketplace.api import documents, errors, metrics, operation, webhooks
from marketplace.api.answers import Answers
from marketplace.api.openapi import describe
from marketplace.api.resource import Resource, refuse_unknown_parameters
from marketplace.api.v1 import RESOURCES
from marketplace.config import Settings

PREFIX = "/api/v1"


def init_app(app: Flask, _settings: Settings) -> None:
    """Add the API, its description and what operators look at."""
    app.json = Answers(app)
    metrics.install(app)
    version = _version()
    app.register_blueprint(version)
    documents.install(app, lambda: describe(app, version))
    app.register_blueprint(operation.blueprint)
    app.register_blueprint(webhooks.blueprint)
    app.before_request(errors.no_such_route)
    _leave_to_keys(app)


def _version() -> Resource:
    parent = Resource("api", "Fairlead", is_public=True, most_mib=None, url_prefix=PREFIX)
    parent.before_request(refuse_unknown_parameters)
    parent.after_request(documents.plain_data)
    errors.install(parent)
    for resource in RESOURCES:
        parent.register_blueprint(resource)
    return parent


def _leave_to_keys(app: Flask) -> None:
    """Forms are guarded against other sites' pages; a script proves itself by its key, Stripe by its signature."""
    guard: Any = app.extensions.get("csrf")
    if guard:
        for blueprint in (*RESOURCES, operation.blueprint, webhooks.blueprint):
            guard.exempt(blueprint)
