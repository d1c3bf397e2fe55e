"""What a person sees before an import starts: the first values of each column, how the first rows would come out."""

from collections import Counter
from dataclasses import dataclass

from marketplace.checks import Code, judge
from marketplace.leads.actions.receive import policy_of, without_doubles
from marketplace.leads.imports.layouts import Reading, first, listing_of, trade_of
from marketplace.leads.models import Import
from marketplace.leads.reading import FitCounter
from marketplace.leads.rows import Arrival

_LOOKED_AT = 200
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The first values of each column by its name, for the agency whose file it is, and how well each column fits."""

    values: dict[str, list[str]]
    fits: dict[str, float | None]
    looked_at: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """How the first rows would come out as the file is read now.

    Attributes:
        without_consent: rows that bring no consent of their own.
        reasons: how many rows would be rejected, by their first blocking reason, most first.
        is_whole: the file has no further rows.
    """

    looked_at: int
    accepted: int
    without_consent: int
    reasons: list[tuple[str, int]]
    is_whole: bool


def first_rows(row: Import) -> FirstRows:
    """Read the file's first rows; the import has been found for its agency before."""
    reading = Reading.of(row)
    rows = first(row, reading.layout, _LOOKED_AT)
    counter = FitCounter(reading.mapping, reading.layout, trade_of(row).fields, reading.default_country)
    for found in rows:
        counter.add(found.cells)
    values = {
        header: [found.cells[place] for found in rows if place < len(found.cells) and found.cells[place].strip()]
        for place, header in enumerate(reading.layout.headers)
    }
    return FirstRows({name: cells[:_SHOWN] for name, cells in values.items()}, counter.fits(), len(rows))


def forecast(row: Import) -> Forecast:
    """Judge the file's first rows as the import would, without keeping anything."""
    reading, listing = Reading.of(row), listing_of(row)
    policy = policy_of(listing, has_consent=row.consent is not None)
    rows = first(row, reading.layout, _LOOKED_AT)
    reader = reading.reader()
    noted = [reader.lead(found.cells) for found in rows if not found.broken]
    read = [lead for lead, notes in noted if not any(note.refuses for note in notes)]
    counts: Counter[str] = Counter()
    for _arrival, judgement in without_doubles(listing, [Arrival(lead, judge(lead, policy)) for lead in read]):
        if judgement and not judgement.accepted:
            counts[judgement.reasons[0].code.value] += 1
    counts += Counter({Code.FIELD_INVALID.value: len(rows) - len(read)})
    silent = sum(not (lead.get("consent") or {}).get("text") for lead in read)
    is_whole = len(rows) < _LOOKED_AT and (row.rows or 0) <= len(rows)
    return Forecast(len(rows), len(rows) - counts.total(), silent, counts.most_common(), is_whole)
