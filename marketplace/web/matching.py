"""The page on which a person says what the columns of a file hold: what is shown, and what its form sent."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from marketplace.catalog import Listing, vertical
from marketplace.kit.errors import Conflict, Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.leads import Import, imports
from marketplace.leads.imports import Forecast
from marketplace.leads.reading import IGNORE
from marketplace.web.file_reading import Chip, chips_of, countries
from marketplace.web.file_words import Options, RowReason, fields_of, row_reason
from marketplace.web.words import CONSENT_METHODS

Form = Mapping[str, str]
_PREFIX = "column-"
_SHOWN_SIGNS = 120


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file.

    Attributes:
        name: of its select in the form.
        fit: the share of its values that suit the target, None when there are none to tell by.
        is_doubtful: the guess wants a person to look; what a person has chosen is never doubtful.
    """

    name: str
    header: str
    first_values: str
    target: str
    fit: float | None
    is_doubtful: bool
    note: str
    error: str

    @property
    def is_left_out(self) -> bool:
        return self.target == IGNORE


@dataclass(frozen=True, slots=True)
class Matching:
    """Everything on the page.

    Attributes:
        targets, methods: what a column can become, and how somebody can agree, for their selects.
        consent: the text, version, method and address as declared, or as they were typed.
        errors: by the name of the form's field; `refusal`: what is wrong with no single field.
    """

    row: Import
    listing: Listing
    columns: Sequence[Column]
    chips: Sequence[Chip]
    countries: Options
    targets: Sequence[tuple[str, str] | tuple[str, Options]]
    methods: Options
    forecast: Forecast
    reasons: Sequence[tuple[RowReason, int]]
    consent: Mapping[str, str]
    is_declared: bool
    errors: Mapping[str, str]
    refusal: str

    @property
    def seen(self) -> str:
        """Which columns the form is about: sent back with it."""
        return _mark_of(self.row)

    @property
    def reaches_people(self) -> bool:
        """Whether any column holds a way to reach somebody; without one nothing can start."""
        return imports.reaches_people(self.row)

    @property
    def to_check(self) -> int:
        return sum(column.is_doubtful for column in self.columns)

    @property
    def known(self) -> int:
        return sum(not column.is_doubtful for column in self.columns)


class ConsentForm(Schema):
    """What the agency declares for rows without a consent of their own."""

    text = fields.String(load_default="", validate=validate.Length(max=2000))
    version = fields.String(load_default="", validate=validate.Length(max=200))
    method = fields.String(load_default="", validate=validate.OneOf(sorted(CONSENT_METHODS)))
    url = fields.String(load_default="", validate=validate.Length(max=2000))


def matching_of(row: Import, listing: Listing, sent: Form | None = None, why: Refusal | None = None) -> Matching:
    """The page of an import that has been guessed. sent, why: a form that was refused, to be shown again."""
    guess: dict[str, Any] = row.guess or {}
    trade, forecast = vertical(listing.vertical), imports.forecast(row)
    errors = _errors(guess, why)
    return Matching(
        row=row,
        listing=listing,
        columns=_columns(row, sent, errors),
        chips=chips_of(guess),
        countries=countries(),
        targets=fields_of(trade),
        methods=[("", _("not said")), *((code, str(words)) for code, words in CONSENT_METHODS.items())],
        forecast=forecast,
        reasons=[(row_reason(code, trade), count) for code, count in forecast.reasons],
        consent=_typed_consent(sent) if sent else row.consent or {},
        is_declared=bool(sent.get("declared")) if sent else row.consent is not None,
        errors=errors,
        refusal=_apart(why, errors),
    )


def correction_of(row: Import, sent: Form, *, is_final: bool) -> dict[str, Any]:
    """What the form says about the columns and the consent, as a correction of the import.

    Args:
        is_final: a consent that is only half declared is refused, not passed over.

    Raises:
        Invalid: with the message of each field.
        Conflict: the columns are others than those the form was made for.
    """
    if sent.get("seen") != _mark_of(row):
        raise Conflict(_("The file is read in another way since you opened this page. Look at its columns again."))
    headers = (row.guess or {})["layout"]["headers"]
    chosen = {header: sent.get(f"{_PREFIX}{place}", "") for place, header in enumerate(headers)}
    mapping = {header: target for header, target in chosen.items() if target}
    return {"mapping": mapping, "consent": _declared(sent, is_final=is_final)}


def _mark_of(row: Import) -> str:
    headers = (row.guess or {})["layout"]["headers"]
    return f"{zlib.crc32(chr(0).join(headers).encode()):08x}"


def _declared(sent: Form, *, is_final: bool) -> dict[str, str] | None:
    typed = _typed_consent(sent)
    try:
        consent: dict[str, str] = read_form(ConsentForm(), typed)
    except Invalid as why:
        raise Invalid(fields={f"consent_{name}": words for name, words in why.fields.items()}) from why
    is_ticked = bool(sent.get("declared"))
    if is_ticked and consent["text"]:
        return consent
    if is_final and is_ticked:
        raise Invalid(fields={"consent_text": _("Say what each of them agreed to.")})
    if is_final and consent["text"]:
        raise Invalid(fields={"declared": _("Tick this to declare the text, or leave the text empty.")})
    return None


def _typed_consent(sent: Form) -> dict[str, str]:
    return {name: sent.get(f"consent_{name}", "") for name in ConsentForm().fields}


def _errors(guess: Mapping[str, Any], why: Refusal | None) -> dict[str, str]:
    """A refusal's messages by the form's own names: columns are numbered there, they may be called anything."""
    places = {f"mapping.{header}": place for place, header in enumerate(guess["layout"]["headers"])}
    found = why.fields if why else {}
    return {f"{_PREFIX}{places[name]}" if name in places else name: str(words) for name, words in found.items()}


def _apart(why: Refusal | None, errors: Mapping[str, str]) -> str:
    """What is to be said above the columns: messages of fields that the form does not show, or the refusal itself."""
    if why is None:
        return ""
    unseen = [words for name, words in errors.items() if not name.startswith((_PREFIX, "consent_", "declared"))]
    return " ".join(unseen) if errors else str(why)


def _columns(row: Import, sent: Form | None, errors: Mapping[str, str]) -> list[Column]:
    seen = imports.first_rows(row)
    guess: dict[str, Any] = row.guess or {}
    return [
        _column(f"{_PREFIX}{found['index']}", found, guess["mapping"], seen, sent, errors) for found in guess["columns"]
    ]


def _column(
    name: str,
    found: Mapping[str, Any],
    mapping: Mapping[str, str],
    seen: imports.FirstRows,
    sent: Form | None,
    errors: Mapping[str, str],
) -> Column:
    header = found["header"]
    target = mapping[header]
    is_guessed = target == found["target"]
    return Column(
        name=name,
        header=header,
        first_values=", ".join(" ".join(value.split()) for value in seen.values[header])[:_SHOWN_SIGNS],
        target=(sent.get(name, "") if sent else "") or target,
        fit=seen.fits.get(header),
        is_doubtful=is_guessed and found["doubtful"],
        note=found["note"] if is_guessed else "",
        error=errors.get(name, ""),
    )
