"""What a column can become, how its values should look, and how many of them do."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from marketplace.catalog.field_values import read_yes_no
from marketplace.catalog.fields import Field, FieldInvalid
from marketplace.kit.i18n import gettext as _
from marketplace.kit.text import clean_text
from marketplace.leads.reading import values
from marketplace.leads.reading.aliases import LEAD_TARGETS
from marketplace.leads.reading.layout import Layout

IGNORE = "ignore"
ANSWER = "answers."
PHONE_MARK = "p:"

_Test = Callable[[str], bool]


def _is_agreement(text: str) -> bool:
    return values.is_sentence(text) or read_yes_no(text) is not None


_TESTS: dict[str, _Test] = {
    "external_id": values.is_reference,
    "first_name": values.is_words,
    "last_name": values.is_words,
    "full_name": values.is_words,
    "phone": values.is_phone,
    "email": values.is_email,
    "social_url": values.is_social,
    "city": values.is_words,
    "region": values.is_words,
    "postal_code": values.is_postal,
    "country": values.is_country,
    "ip": values.is_ip,
    "user_agent": values.is_agent,
    "page_url": values.is_link,
    "submitted_at": values.is_moment,
    "fill_seconds": values.is_number,
    "consent.text": _is_agreement,
    "consent.at": values.is_moment,
    "consent.token": values.is_token,
}


def targets(fields: Iterable[Field]) -> tuple[str, ...]:
    """Everything a column of this vertical can become, `ignore` first."""
    return (IGNORE, *LEAD_TARGETS, *(f"{ANSWER}{item.name}" for item in fields))


def mapping_problems(mapping: Mapping[str, str], layout: Layout, fields: Sequence[Field]) -> dict[str, str]:
    """What is wrong with a mapping from column names to targets, by column; empty when it can be used.

    Of two columns for one target the later one in the file is told.
    """
    allowed = frozenset(targets(fields))
    problems: dict[str, str] = {}
    taken: dict[str, str] = {}
    places = {header: place for place, header in enumerate(layout.headers)}
    for header, target in sorted(mapping.items(), key=lambda item: places.get(item[0], -1)):
        if header not in places:
            problems[header] = _("The file has no such column.")
        elif target not in allowed:
            problems[header] = _("There is no such field.")
        elif target != IGNORE and target in taken:
            problems[header] = _("“%(other)s” already fills this field.", other=taken[target])
        taken.setdefault(target, header)
    return problems


def test_of(target: str, fields: Sequence[Field], default_country: str | None) -> _Test:
    """Whether a value fits the target; for phones the numbering plan decides."""
    if target == "phone":
        return lambda text: values.is_valid_phone(text, default_country)
    return shape_of(target, fields)


def shape_of(target: str, fields: Sequence[Field]) -> _Test:
    """Whether a value is written like one of the target's, right or wrong."""
    if target.startswith(ANSWER):
        name = target.removeprefix(ANSWER)
        return next((_answers(item) for item in fields if item.name == name), values.is_label)
    return _TESTS.get(target, values.is_label)


def _answers(item: Field) -> _Test:
    def fits(text: str) -> bool:
        try:
            item.parse(text)
        except FieldInvalid:
            return False
        return True

    return fits


class FitCounter:
    """Counts, in one pass over the rows, how many values of each column fit what it becomes."""

    def __init__(
        self, mapping: Mapping[str, str], layout: Layout, fields: Sequence[Field], default_country: str | None
    ) -> None:
        places = {header: place for place, header in enumerate(layout.headers)}
        used = [(places[header], target) for header, target in mapping.items() if target != IGNORE and header in places]
        self._tests = [(place, test_of(target, fields, default_country)) for place, target in used]
        self._headers = layout.headers
        self._given = [0] * len(layout.headers)
        self._fitting = [0] * len(layout.headers)

    def add(self, cells: Sequence[str]) -> None:
        for place, fits in self._tests:
            text = clean_text(cells[place]) if place < len(cells) else ""
            if text:
                self._given[place] += 1
                self._fitting[place] += fits(text)

    def fits(self) -> dict[str, float | None]:
        """The share of fitting values by column name, None for a column without values; left-out columns are absent."""
        return {
            self._headers[place]: self._fitting[place] / self._given[place] if self._given[place] else None
            for place, _fits in self._tests
        }
