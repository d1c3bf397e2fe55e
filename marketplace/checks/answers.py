"""The answers of the vertical: each that is required is there, and each that is there fits its field."""

from collections.abc import Mapping, Sequence

from marketplace.catalog.fields import Field, FieldInvalid, Value, is_blank
from marketplace.checks.result import Code, Result, failed, passed, unknown

PREFIX = "answers."


def check_answers(
    fields: Sequence[Field], answers: Mapping[str, object] | None
) -> tuple[dict[str, Value], tuple[Result, ...]]:
    """The answers as they are stored, and one result for each field that was asked or answered.

    An answer that the vertical does not know is refused, so that nothing is kept that nobody looks at.
    """
    given = answers or {}
    kept: dict[str, Value] = {}
    results = [_check(item, given.get(item.name), kept) for item in fields]
    known = {item.name for item in fields}
    strangers = (failed(_label(name), Code.FIELD_INVALID, rule="unknown_field") for name in given if name not in known)
    return kept, (*results, *strangers)


def _check(item: Field, raw: object, kept: dict[str, Value]) -> Result:
    check = f"{PREFIX}{item.name}"
    if is_blank(raw):
        facts = {"title": item.title}
        return failed(check, Code.FIELD_MISSING, **facts) if item.required else unknown(check, rule="absent")
    try:
        kept[item.name] = item.parse(raw)
    except FieldInvalid as refusal:
        required = "yes" if item.required else "no"
        return failed(check, Code.FIELD_INVALID, title=item.title, message=refusal.message, required=required)
    return passed(check)


def _label(name: str) -> str:
    """A stranger's own name for a field is shown only when it cannot be a contact."""
    return f"{PREFIX}{name}" if name.isidentifier() else f"{PREFIX}?"
