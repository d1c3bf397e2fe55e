"""Reading what comes in: JSON, forms with files, addresses. Whatever is sent becomes clean values or a refusal."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from flask import Request, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict

from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import flat_messages, storable
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l

DEEPEST = 32
_WHOLE = "_schema"


class BadJson(Refusal):
    code = "bad_json"
    status = 400
    sentence = _l("The body is not JSON.")


class Parser(FlaskParser):
    """webargs with our own reading of bodies, and refusals in our own form."""

    __location_map__ = {  # noqa: RUF012  # webargs declares it without ClassVar
        **FlaskParser.__location_map__,
        "multipart": "load_multipart",
        "json_or_multipart": "load_json_or_multipart",
    }

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002  # webargs calls it so
        return json_body()

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        return _proxy(req.args.items(multi=True), schema)

    def load_multipart(self, req: Request, schema: Schema) -> Any:
        if req.mimetype != "multipart/form-data":
            raise Invalid(_("Send this as a form with files (multipart/form-data)."))
        files = [(name, file) for name, file in req.files.items(multi=True) if file.filename]
        return _proxy([*req.form.items(multi=True), *files], schema)

    def load_json_or_multipart(self, req: Request, schema: Schema) -> Any:
        return self.load_multipart(req, schema) if is_multipart() else json_body()

    def handle_error(self, error: ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Webargs wraps the messages of a schema in the name of where it read them."""
        raise Invalid(fields=_by_field(error)) from error


def is_multipart() -> bool:
    return request.mimetype == "multipart/form-data"


def json_body() -> Any:
    """The body's JSON, cleaned; an empty body is an empty object.

    Raises:
        BadJson, Invalid: nested deeper than anything that we take.
    """
    try:
        text = request.get_data().decode("utf-8-sig")
        return harmless(_READER.decode(text) if text.strip() else {})
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise BadJson(_("The body is not JSON: look at line %(line)s, column %(column)s.", **place)) from None
    except RecursionError:
        raise Invalid(_too_deep()) from None
    except ValueError:
        raise BadJson from None


def harmless(value: Any, depth: int = 0) -> Any:
    """The value without signs that cannot be stored (NUL, halves of surrogate pairs), also in keys.

    Raises:
        Invalid: nested too deep.
    """
    if isinstance(value, str):
        return storable(value)
    if depth > DEEPEST:
        raise Invalid(_too_deep())
    if isinstance(value, list):
        return [harmless(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {harmless(key): harmless(item, depth + 1) for key, item in value.items()}
    return value


def _proxy(items: Iterable[tuple[str, Any]], schema: Schema) -> MultiDictProxy:
    return MultiDictProxy(MultiDict([(harmless(name), harmless(value)) for name, value in items]), schema)


def _by_field(error: ValidationError) -> dict[str, str]:
    flat = ((name.partition(".")[2], words) for name, words in flat_messages(error))
    return {name.removesuffix(f".{_WHOLE}").replace(_WHOLE, "body"): words for name, words in flat}


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_READER = json.JSONDecoder(parse_constant=_refuse_constant)


def _too_deep() -> str:
    return str(_("This is nested deeper than %(levels)s levels.", levels=DEEPEST))
