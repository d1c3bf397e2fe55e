"""One resource of the API: a blueprint that knows its parser, its limit for bodies and whether it needs a key."""

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any, ClassVar, ParamSpec, TypeVar

from flask import current_app, request
from flask_smorest import Blueprint
from marshmallow import EXCLUDE, Schema, fields, validate

from marketplace.api.caller import authenticate, caller
from marketplace.api.reading import Parser
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.people import Power

P = ParamSpec("P")
R = TypeVar("R")

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 200
_MIB = 16


class Resource(Blueprint):  # type: ignore[misc]  # flask-smorest carries no types
    """Routes of one kind of thing.

    Args:
        title: the section of the documentation.
        is_public: anybody may ask; otherwise an API key is needed before anything else is looked at.
        most_mib: the largest body; None leaves the application's own limit.
        files_for: who has this power brings files, of `most_mib` in all; everybody else has the ordinary limit.
    """

    ARGUMENTS_PARSER = Parser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[dict[str, str]] = {
        **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        "multipart": "multipart/form-data",
        "json_or_multipart": "application/json",
    }

    def __init__(
        self,
        name: str,
        title: str,
        *,
        is_public: bool = False,
        most_mib: int | None = _MIB,
        files_for: Power | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name, __name__, **options)
        self.title = title
        if most_mib is not None:
            self.before_request(_body_of_at_most(_MIB if files_for else most_mib))
        if not is_public:
            self.before_request(authenticate)
        if most_mib is not None and files_for:
            self.before_request(_files_of_at_most(most_mib, files_for))

    def _store_endpoint_docs(self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags or [self.title], **options)


class KeyIn(Schema):
    """The header that makes an act safe to repeat."""

    class Meta:
        unknown = EXCLUDE

    key = fields.String(
        data_key=KEY_HEADER,
        validate=validate.Length(1, LONGEST_KEY),
        metadata={
            "description": "Any text of your own. The same key with the same request is done once and answered alike; "
            "with another request it is refused with `idempotency_conflict`."
        },
    )


def takes_key(view: Callable[P, R]) -> Callable[P, R]:
    """Document that the act may carry an Idempotency-Key; `once` reads it."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return view(*args, **kwargs)

    known: dict[str, Any] = deepcopy(getattr(view, "_apidoc", {}))
    arguments = known.setdefault("arguments", {})
    arguments.setdefault("parameters", []).append({"in": "headers", "required": False, "schema": KeyIn})
    wrapper._apidoc = known  # type: ignore[attr-defined]  # noqa: SLF001  # where flask-smorest looks for it
    return wrapper


def refuse_unknown_parameters() -> None:
    """A filter that does not exist is an error: passing it over would answer another question.

    Raises:
        Invalid: naming each parameter that this address does not take.
    """
    if not request.query_string:
        return
    strange = set(request.args) - _parameters_of(current_app.view_functions[request.endpoint or ""])
    if strange:
        raise Invalid(fields={name: _("This parameter is not known here.") for name in sorted(strange)})


def _parameters_of(view: Callable[..., Any]) -> set[str]:
    arguments = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
    schemas = [_made(each["schema"]) for each in arguments if each["in"] == "query"]
    return {field.data_key or name for schema in schemas for name, field in schema.fields.items()}


def _made(schema: type[Schema] | Schema) -> Schema:
    return schema() if isinstance(schema, type) else schema


def _body_of_at_most(mib: int) -> Callable[[], None]:
    def limit() -> None:
        request.max_content_length = mib << 20

    return limit


def _files_of_at_most(mib: int, power: Power) -> Callable[[], None]:
    def limit() -> None:
        if caller().can(power):
            request.max_content_length = mib << 20

    return limit
