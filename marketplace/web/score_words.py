"""What the columns of a score of conversion are called on a page."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask

from marketplace.catalog import VERTICALS
from marketplace.catalog.fields import Field
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.quality.conversion import Reason
from marketplace.quality.scores.columns import ANSWER
from marketplace.web import words

_LABELS: Mapping[str, Any] = {
    "vertical": _l("Trade"),
    "channel": _l("Channel"),
    "country": _l("Country"),
    "region": _l("Place"),
    "contact_type": _l("Contact"),
    "temperature": _l("Temperature, according to the agency"),
    "qualification": _l("Qualified"),
    "hour": _l("Hour of the day, UTC"),
    "weekday": _l("Day of the week"),
    "answers": _l("Answers given"),
    "checks_passed": _l("Checks passed"),
    "checks_failed": _l("Checks failed"),
    # what an agency calls its sources is its own: the value is not told
    "sub_id": _l("The agency’s own source"),
    "campaign": _l("The agency’s campaign"),
}
_VALUES: Mapping[str, Callable[[str], str]] = {
    "vertical": words.trade,
    "channel": words.channel,
    "country": words.country,
    "contact_type": words.contact_type,
    "temperature": words.temperature,
}
_UNTOLD = frozenset({"sub_id", "campaign"})


def score_column(reason: Reason) -> str:
    """A column with its value in this lead."""
    label, value = _named(reason)
    if reason.column in _UNTOLD:
        return label
    shown = str(_("not given")) if value is None else value
    return f"{label}: {shown}"


def _named(reason: Reason) -> tuple[str, str | None]:
    name, value = reason.column, reason.value
    if not name.startswith(ANSWER):
        word = _VALUES.get(name)
        return str(_LABELS.get(name, name)), word(value) if word and value is not None else value
    field = _field(name.removeprefix(ANSWER))
    if field is None:
        return name.removeprefix(ANSWER), value
    is_code = value is not None and field.kind == "choice"
    return str(_(field.title)), field.label_of(value) if is_code and value is not None else value


def _field(name: str) -> Field | None:
    return next((found for trade in VERTICALS.values() if (found := trade.field(name))), None)


def install(app: Flask) -> None:
    """Give templates the filter by its name."""
    app.jinja_env.filters["score_column"] = score_column
