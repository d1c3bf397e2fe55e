"""The description of the API: OpenAPI 3.1 made from the same schemas that read and write."""

from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import fields

from marketplace.api.errors import ErrorOut
from marketplace.api.files import FileField
from marketplace.kit.schemas import MoneyField

_WORDS = """\
Everything that the pages can do, for scripts.

Send your key in `Authorization: Bearer flk_...`. Amounts are whole minor units with their currency
(`{"amount": 1250, "currency": "USD"}` is 12.50 USD), times are RFC 3339 in UTC, ids are UUIDs.
Lists take `cursor` and `limit` and answer `{"items": [...], "next_cursor": ...}`; the last page has no next cursor.
Errors are `{"error": {"code", "message", "fields"}}`: rely on the code, show the message.
Whatever belongs to somebody else is answered with 404, as if it did not exist.
"""


def describe(app: Flask, routes: Blueprint) -> dict[str, Any]:
    """The whole description of routes that are registered; its sections are their titles, in their order.

    To make it takes as long as the rest of an application's start: it is for whoever asks.
    """
    face = _Face(app)
    routes.register_views_in_doc(face, app, face.spec, name=routes.name, parameters=None)
    found: dict[str, Any] = face.spec.to_dict()
    operations = [operation for path in found["paths"].values() for operation in path.values()]
    titles = [operation["tags"][0] for operation in operations if isinstance(operation, dict)]
    return {**found, "tags": [{"name": title} for title in dict.fromkeys(titles)]}


class _Face(Api):  # type: ignore[misc]  # flask-smorest carries no types
    """flask-smorest with our own error form; errors are rendered by `errors.py`."""

    ERROR_SCHEMA = ErrorOut

    def __init__(self, app: Flask) -> None:
        super().__init__(
            app,
            spec_kwargs={
                "title": "Fairlead",
                "version": "1",
                "openapi_version": "3.1.0",
                "info": {"description": _WORDS},
                "security": [{"key": []}],
                "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
            },
        )
        self.register_field(MoneyField, "object", None)
        self.register_field(FileField, "object", None)
        self.ma_plugin.converter.add_attribute_function(_parts_of_money)
        self.ma_plugin.converter.add_attribute_function(_parts_of_file)

    def _register_error_handlers(self) -> None:
        """`errors.install` does it for the API's own blueprints only."""


def _parts_of_money(_converter: Any, field: fields.Field[Any], **_options: Any) -> dict[str, Any]:
    if not isinstance(field, MoneyField):
        return {}
    amount = {"type": "integer", "description": "In minor units: cents, pence, groszy."}
    currency = {"type": "string", "minLength": 3, "maxLength": 3, "description": "ISO 4217."}
    parts = {"amount": amount, "currency": currency}
    return {"properties": parts, "required": list(parts), "additionalProperties": False}


def _parts_of_file(_converter: Any, field: fields.Field[Any], **_options: Any) -> dict[str, Any]:
    if not isinstance(field, FileField):
        return {}
    content = {"type": "string", "contentEncoding": "base64"}
    parts = {"name": {"type": "string"}, "content": content}
    return {"properties": parts, "required": list(parts), "additionalProperties": False}
