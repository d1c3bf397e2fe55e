"""Templates outside a page, for letters: a plain Jinja environment that speaks the reader's language."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from flask_babel import force_locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from marketplace.kit.i18n import gettext, locale_code, ngettext

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def moment(at: datetime) -> str:
    """Day and time in the reader's language, with the zone: a letter does not know where it is read."""
    return format_datetime(at, "EEE d MMM y, HH:mm 'UTC'", tzinfo=UTC, locale=locale_code())


def month(first: date) -> str:
    """A month in the reader's language: November 2026."""
    return format_date(first, "LLLL y", locale=locale_code())


_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    extensions=["jinja2.ext.i18n"],
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # by the extension
_environment.filters.update(moment=moment, month=month)


def render(name: str, locale: str, **context: Any) -> str:
    """The template `name` below `templates/`, in this locale; values in `.html` are escaped."""
    with force_locale(locale):
        return _environment.get_template(name).render(**context)


def source(name: str) -> str:
    """A file below `templates/` as it stands."""
    return (TEMPLATES / name).read_text(encoding="utf-8")
