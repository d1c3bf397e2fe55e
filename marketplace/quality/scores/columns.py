"""The columns of a lead that a score of conversion may use: all of them are known when the lead comes in."""

from collections.abc import Sequence

from marketplace.catalog import VERTICALS
from marketplace.checks import Outcome
from marketplace.leads import Lead
from marketplace.quality.conversion import Column, Moment
from marketplace.quality.conversion.columns import Row

ANSWER = "answer."
_OF_LEAD = ("vertical", "channel", "sub_id", "campaign", "country", "region", "contact_type", "temperature")
_COUNTED = ("qualification", "hour", "weekday", "answers", "checks_passed", "checks_failed")


def columns() -> Sequence[Column]:
    """Every column with the moment at which it is known. What becomes known later is in none of them."""
    answers = sorted({f"{ANSWER}{field.name}" for trade in VERTICALS.values() for field in trade.fields})
    return [Column(name, Moment.UPLOAD) for name in (*_OF_LEAD, *_COUNTED, *answers)]


def row_of(lead: Lead) -> Row:
    """A lead as plain values. Nothing in it identifies the person: it is what a masked preview is made of."""
    marks = list(lead.checks.get("marks", {}).values())
    told = {name: getattr(lead, name) for name in _OF_LEAD}
    answers = {f"{ANSWER}{name}": _plain(value) for name, value in lead.preview.items()}
    return {
        **{name: value for name, value in told.items() if value is not None},
        **({"qualification": lead.qualification} if lead.qualification else {}),
        "hour": f"{lead.submitted_at.hour // 3 * 3:02d}",
        "weekday": lead.submitted_at.strftime("%a"),
        "answers": len(lead.preview),
        "checks_passed": marks.count(Outcome.PASSED),
        "checks_failed": marks.count(Outcome.FAILED),
        **answers,
    }


def _plain(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value
