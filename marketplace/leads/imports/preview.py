"""What a person sees before an import starts: the first values of each column, how the first rows would come out."""

from collections import Counter
from dataclasses import dataclass

from marketplace.checks import Policy, judge
from marketplace.kit import clock
from marketplace.leads.imports.layouts import Reading, first, trade_of
from marketplace.leads.models import Import
from marketplace.leads.reading import FitCounter

_LOOKED_AT = 500
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The first values of each column by its name, for the agency whose file it is, and how well each column fits."""

    values: dict[str, list[str]]
    fits: dict[str, float | None]
    looked_at: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """How the first rows would come out as the file is read now: `reasons` count rows by their first blocking reason.

    Duplicates are found only when the import runs.
    """

    looked_at: int
    accepted: int
    without_consent: int
    reasons: list[tuple[str, int]]

    @property
    def is_whole(self) -> bool:
        return self.looked_at < _LOOKED_AT


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
    """Judge the file's first rows without keeping anything."""
    reading = Reading.of(row)
    reader, trade = reading.reader(), trade_of(row)
    policy = Policy(
        now=clock.now(),
        fields=trade.fields,
        default_country=reading.default_country,
        max_age_days=trade.max_age_days,
        declared_consent=row.consent is not None,
    )
    counts: Counter[str] = Counter()
    accepted = without_consent = 0
    rows = [found for found in first(row, reading.layout, _LOOKED_AT) if not found.broken]
    for found in rows:
        lead, _notes = reader.lead(found.cells)
        judgement = judge(lead, policy)
        without_consent += not (lead.get("consent") or {}).get("text")
        accepted += judgement.accepted
        if not judgement.accepted:
            counts[judgement.reasons[0].code.value] += 1
    return Forecast(len(rows), accepted, without_consent, counts.most_common())
