"""Do the scores keep their word? What was said of sold leads before they were sold, against what came.

Figures of the whole exchange, open to everybody. Audits, drawn by lot, stand apart from complaints, which are made by
whom they pay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, case, func, literal, select

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.facts import HEARD, LeadAudit, SoldLead, is_bad, is_told, weight_of_audit
from marketplace.quality.fraud import CALIBRATED_FROM
from marketplace.quality.measures import BINS, Bin, ece, wilson
from marketplace.quality.scores.models import LeadScore
from marketplace.quality.training.lessons import SALE_TAKES

#: outcomes of so long ago say nothing about the scores of today
WINDOW = timedelta(days=365)
_EDGE = 1e-6


class Source(StrEnum):
    """How the truth came to be known."""

    AUDITS = "audits"
    WINDOWS = "windows"  # the time for complaints is over, and none was upheld, or one was
    SALES = "sales"  # of leads of which the buyer said anything


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a table: from `low` to below `high` it was said (0..1), and what came, with its 80 % interval."""

    low: float
    high: float
    found: Bin
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Table:
    """What was said and what came, in ten steps. said: of being real, or of a sale where the source is `SALES`.

    Attributes:
        vertical: the trade, None for all together.
        came: how many were real, or bought.
    """

    source: Source
    vertical: str | None
    lines: Sequence[Line]
    rows: int
    came: int
    ece: float
    brier: float
    log_loss: float
    needed: int = CALIBRATED_FROM

    @property
    def is_enough(self) -> bool:
        """Whether so many outcomes carry the figures; below it they are shown as not yet calibrated."""
        return self.rows >= CALIBRATED_FROM

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> "Table":
        """What `to_json` told, read again."""
        return cls(
            source=Source(told["source"]),
            vertical=told["vertical"],
            lines=[_line_of(each) for each in told["bins"]],
            rows=told["rows"],
            came=told["came"],
            **{name: told[name] for name in ("ece", "brier", "log_loss")},
        )

    def to_json(self) -> dict[str, Any]:
        """As it is told outside."""
        bins = [
            {
                "from": line.low,
                "to": line.high,
                "said": line.found.said if line.found.count else None,
                "came": line.found.came if line.found.count else None,
                "interval": list(line.interval) if line.found.count else None,
                "count": line.found.count,
            }
            for line in self.lines
        ]
        figures = {"ece": self.ece, "brier": self.brier, "log_loss": self.log_loss}
        return {
            "source": self.source.value,
            "vertical": self.vertical,
            "rows": self.rows,
            "came": self.came,
            "calibrated": self.is_enough,
            **figures,
            "bins": bins,
        }


def _line_of(told: Mapping[str, Any]) -> Line:
    found = Bin(told["said"] or 0.0, told["came"] or 0.0, told["count"], float(told["count"]))
    low, high = told["interval"] or (0.0, 1.0)
    return Line(told["from"], told["to"], found, (low, high))


def calibration_tables() -> list[Table]:
    """All tables: for each source all trades together first, then each trade. Sources without an outcome have none."""
    return [table for source, statement in _statements() for table in _tables(source, session().execute(statement))]


def _statements() -> Iterable[tuple[Source, Select[Any]]]:
    since, real = clock.now() - WINDOW, 1 - LeadScore.p_fraud
    one = literal(1.0, Float)
    known = SoldLead.matured_at > since
    windows = _sums(real, case((SoldLead.fault.is_(False), 1.0), else_=0.0), one).where(known)
    passed, weight = case((is_bad(), 0.0), else_=1.0), weight_of_audit()
    audits = _sums(real, passed, weight).join(LeadAudit, LeadAudit.order_id == SoldLead.order_id)
    by_lot = (LeadAudit.state.in_(HEARD), LeadAudit.why == "sample", LeadAudit.decided_at > since, weight > 0)
    won = case((SoldLead.won_at.is_not(None), 1.0), else_=0.0)
    old_enough = SoldLead.placed_at.between(since, clock.now() - SALE_TAKES)
    sales = _sums(LeadScore.p_convert + 0.0, won, one).where(LeadScore.p_convert.is_not(None), old_enough, is_told())
    return [(Source.AUDITS, audits.where(*by_lot)), (Source.WINDOWS, windows), (Source.SALES, sales)]


def _sums(said: ColumnElement[Any], came: ColumnElement[Any], weight: ColumnElement[Any]) -> Select[Any]:
    """For each trade and step the sums of which every figure is made. said may be a column that is NULL nowhere."""
    step = func.least(BINS - 1, func.floor(said * BINS))
    chance = func.greatest(_EDGE, case((came > literal(0.5), said), else_=1 - said))
    sums = [said, came, (said - came) * (said - came), -func.ln(chance)]
    return (
        select(
            SoldLead.vertical,
            step,
            func.count(),
            func.sum(came),
            func.sum(weight),
            *(func.sum(weight * each) for each in sums),
        )
        .select_from(SoldLead)
        .join(LeadScore, LeadScore.lead_id == SoldLead.lead_id)
        .group_by(SoldLead.vertical, step)
    )


#: trade, step, then sums: rows, came, weight, weight * said, weight * came, weight * squared error, weight * surprise
_Sums = Sequence[Any]


def _tables(source: Source, rows: Iterable[_Sums]) -> list[Table]:
    found = [tuple(row) for row in rows]
    if not found:
        return []
    trades = sorted({row[0] for row in found})
    return [_table(source, None, found), *(_table(source, t, [row for row in found if row[0] == t]) for t in trades)]


def _table(source: Source, vertical: str | None, rows: Sequence[_Sums]) -> Table:
    steps = [[0.0] * 7 for _ in range(BINS)]
    for row in rows:
        mine = steps[int(row[1])]
        for place, value in enumerate(row[2:]):
            mine[place] += float(value)
    weight = sum(step[2] for step in steps)
    lines = [_line(place, step) for place, step in enumerate(steps)]
    return Table(
        source=source,
        vertical=vertical,
        lines=lines,
        rows=int(sum(step[0] for step in steps)),
        came=int(sum(step[1] for step in steps)),
        ece=ece([line.found for line in lines]),
        brier=sum(step[5] for step in steps) / weight,
        log_loss=sum(step[6] for step in steps) / weight,
    )


def _line(place: int, step: Sequence[float]) -> Line:
    count, _came, weight, said, came, *_rest = step
    found = Bin(said / (weight or 1), came / (weight or 1), int(count), weight)
    return Line(place / BINS, (place + 1) / BINS, found, wilson(found.came, found.count))
