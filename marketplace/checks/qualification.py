"""How far a person is: by need, wish and ability to buy, each with what shows it. What was not asked shows nothing.

IQL: interest and a way to reach the person. MQL: the need is there, and the wish or the ability. SQL: all three.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marketplace.catalog import Vertical
from marketplace.catalog.fields import Value


class Flag(StrEnum):
    NEED = "need"
    WISH = "wish"
    ABILITY = "ability"


class Qualification(StrEnum):
    """In rising order."""

    IQL = "IQL"
    MQL = "MQL"
    SQL = "SQL"


#: of each flag that something is known of: `shown` true or false, `by` which way, `of` which answer
Evidence = Mapping[str, Mapping[str, Any]]


def qualify(evidence: Evidence) -> Qualification:
    """The class of a lead by what is known; a flag that nothing is known of is not shown."""
    need, wish, ability = (bool(evidence.get(flag, {}).get("shown")) for flag in Flag)
    if need and wish and ability:
        return Qualification.SQL
    return Qualification.MQL if need and (wish or ability) else Qualification.IQL


def evidence_of(trade: Vertical, answers: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    """What the person's own answers show. Of several answers to one flag, one that shows it is enough."""
    found: dict[str, dict[str, Any]] = {}
    for each in trade.tells:
        if each.field not in answers or found.get(each.flag, {}).get("shown"):
            continue
        found[each.flag] = {"shown": each.shown_by(answers[each.field]), "by": "answer", "of": each.field}
    return found
