"""What a browser's form sent, as a schema reads it: trimmed, empty fields left out, refused with messages by field."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from marshmallow import EXCLUDE, Schema, ValidationError

from marketplace.kit.errors import Invalid
from marketplace.kit.plain_words import plain

_NOT_STORABLE = re.compile(r"[\x00\ud800-\udfff]")


class Sent(Protocol):
    """A form's fields as Werkzeug gives them."""

    def items(self) -> Iterable[tuple[str, str]]: ...


def read_form(schema: Schema, sent: Sent, *, keep_empty: Iterable[str] = (), **more: Any) -> Any:
    """Load a form through a schema; fields that the schema does not know are passed over.

    Args:
        keep_empty: fields whose empty text means something.
        more: values that do not come as text, such as money put together from two fields.

    Raises:
        Invalid: with the message of each field.
    """
    kept = frozenset(keep_empty)
    given = {name: storable(text).strip() for name, text in sent.items()}
    filled = {name: text for name, text in given.items() if (text or name in kept) and name in schema.fields}
    try:
        return schema.load({**filled, **more}, unknown=EXCLUDE)
    except ValidationError as error:
        raise Invalid(fields={name: plain(words) for name, words in flat_messages(error)}) from error


def storable(text: str) -> str:
    """The text without what no database takes: null characters and halves of surrogate pairs."""
    return _NOT_STORABLE.sub("", text)


def flat_messages(error: ValidationError) -> Iterable[tuple[str, str]]:
    """A schema's messages by the dotted name of their field, one text each."""
    messages: Mapping[Any, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow leaves it untyped
    return _flat(messages)


def _flat(messages: Mapping[Any, Any], under: str = "") -> Iterable[tuple[str, str]]:
    for key, value in messages.items():
        name = f"{under}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, " ".join(str(part) for part in (value if isinstance(value, list) else [value]))
