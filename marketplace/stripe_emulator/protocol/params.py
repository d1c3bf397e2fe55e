"""Readers that turn Stripe's text parameters into values, and refuse what Stripe would refuse.

A reader takes the raw value and its full name, and returns the value. Empty text means "not given".
"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from babel.numbers import list_currencies

from marketplace.stripe_emulator.protocol.errors import InvalidParameter
from marketplace.stripe_emulator.protocol.form import Raw

Reader: TypeAlias = Callable[[Raw, str], Any]

_CURRENCIES = frozenset(code.lower() for code in list_currencies("en"))
_MOST_METADATA = 50
_LONGEST_METADATA_NAME = 40
_LONGEST_METADATA_VALUE = 500


def text(longest: int = 5000) -> Reader:
    def read(raw: Raw, name: str) -> str:
        if not isinstance(raw, str):
            raise InvalidParameter(f"Invalid string: {name}", param=name)
        if len(raw) > longest:
            message = f"Invalid string: {name} must be at most {longest} characters"
            raise InvalidParameter(message, code="parameter_invalid_string_length", param=name)
        return raw

    return read


def integer(least: int | None = None, most: int | None = None) -> Reader:
    def read(raw: Raw, name: str) -> int:
        if not isinstance(raw, str) or not re.fullmatch("-?[0-9]{1,18}", raw):
            raise InvalidParameter(f"Invalid integer: {raw}", code="parameter_invalid_integer", param=name)
        value = int(raw)
        if least is not None and value < least:
            raise InvalidParameter(f"This value must be greater than or equal to {least}.", param=name)
        if most is not None and value > most:
            raise InvalidParameter(f"This value must be less than or equal to {most}.", param=name)
        return value

    return read


def pattern(form: str, what: str) -> Reader:
    """Text of this form, a regular expression; `what` it is in words."""

    def read(raw: Raw, name: str) -> str:
        if not isinstance(raw, str) or not re.fullmatch(form, raw):
            raise InvalidParameter(f"Invalid {name}: must be {what}", param=name)
        return raw

    return read


def boolean() -> Reader:
    def read(raw: Raw, name: str) -> bool:
        if not isinstance(raw, str) or raw not in {"true", "false"}:
            raise InvalidParameter(f"Invalid boolean: {raw}", param=name)
        return raw == "true"

    return read


def choice(*allowed: str) -> Reader:
    def read(raw: Raw, name: str) -> str:
        if not isinstance(raw, str) or raw not in allowed:
            raise InvalidParameter(f"Invalid {name}: must be one of {', '.join(allowed)}", param=name)
        return raw

    return read


def currency() -> Reader:
    def read(raw: Raw, name: str) -> str:
        if not isinstance(raw, str) or raw.lower() not in _CURRENCIES:
            raise InvalidParameter(f"Invalid currency: {raw}", param=name)
        return raw.lower()

    return read


def url() -> Reader:
    def read(raw: Raw, name: str) -> str:
        parts = urlsplit(raw) if isinstance(raw, str) and re.fullmatch(r"[^\s;,'\"]+", raw) else None
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InvalidParameter("Not a valid URL", code="url_invalid", param=name)
        return str(raw)

    return read


def metadata() -> Reader:
    def read(raw: Raw, name: str) -> dict[str, str]:
        if not isinstance(raw, dict) or len(raw) > _MOST_METADATA:
            raise InvalidParameter(f"Metadata must be a hash of at most {_MOST_METADATA} keys.", param=name)
        for key, value in raw.items():
            text(_LONGEST_METADATA_NAME)(key, f"{name}[{key}]")
            text(_LONGEST_METADATA_VALUE)(value, f"{name}[{key}]")
        return dict(raw)

    return read


def merged(before: dict[str, str], given: dict[str, str]) -> dict[str, str]:
    """Metadata after an update: names that are given replace, an empty value removes."""
    return {name: value for name, value in (before | given).items() if value != ""}


def many(reader: Reader, most: int = 100) -> Reader:
    def read(raw: Raw, name: str) -> list[Any]:
        if not isinstance(raw, list) or len(raw) > most:
            raise InvalidParameter(f"Invalid array: {name}", param=name)
        return [reader(value, f"{name}[{place}]") for place, value in enumerate(raw)]

    return read


def shape(required: tuple[str, ...] = (), /, **fields: Reader) -> Reader:
    """A hash with these fields and no others. Fields that were not given are absent."""

    def read(raw: Raw, name: str) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise InvalidParameter(f"Invalid hash: {name}", param=name)
        given = {key: value for key, value in raw.items() if value != ""}
        full = {key: f"{name}[{key}]" if name else key for key in (*given, *required)}
        for key in given.keys() - fields.keys():
            message = f"Received unknown parameter: {full[key]}"
            raise InvalidParameter(message, code="parameter_unknown", param=full[key])
        for key in required:
            if key not in given:
                message = f"Missing required param: {full[key]}."
                raise InvalidParameter(message, code="parameter_missing", param=full[key])
        return {key: fields[key](value, full[key]) for key, value in given.items()}

    return read


def either(first: Reader, second: Reader) -> Reader:
    """The first reader for text, the second for a hash or list."""

    def read(raw: Raw, name: str) -> Any:
        return first(raw, name) if isinstance(raw, str) else second(raw, name)

    return read
