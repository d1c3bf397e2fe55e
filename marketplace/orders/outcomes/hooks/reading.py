"""A delivery of a CRM as the rows of outcomes: our own form, or a flat one with the CRM's own names and stages."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marketplace.kit import clock
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.orders.files import money_of
from marketplace.orders.models import Order
from marketplace.orders.outcomes.hooks.errors import StageUnknown
from marketplace.orders.outcomes.hooks.models import IGNORED
from marketplace.orders.outcomes.models import REPORTED
from marketplace.orders.outcomes.queries import latest_of
from marketplace.orders.outcomes.schemas import NamedOutcomeIn

#: our name, and what a CRM may call it (HubSpot: eventId, objectId, occurredAt; or properties of a deal)
_NAMES: Mapping[str, tuple[str, ...]] = {
    "event_id": ("event_id", "eventId"),
    "object_id": ("object_id", "objectId", "hs_object_id"),
    "order_id": ("order_id", "fairlead_order_id"),
    "lead_id": ("lead_id", "fairlead_lead_id"),
    "stage": ("stage", "dealstage", "deal_stage", "propertyValue", "status"),
    "at": ("at", "occurredAt", "occurred_at"),
    "amount": ("amount", "deal_amount"),
    "currency": ("currency", "deal_currency_code"),
    "reason": ("reason", "closed_lost_reason"),
    "remind_on": ("remind_on",),
}
#: what a delivery is known by: the event, and the CRM's thing that it is about
Event = tuple[str, str]

_LONGEST_EVENT = 200
_MILLISECONDS = 10_000_000_000  # a number above is one of these, below it counts seconds
_LAST = 253_402_300_799
_MOST_DIGITS = 15
_NOT_TOLD = frozenset({"event_id", "object_id", "currency", "amount"})


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row by our names; what a CRM nests below `properties` is taken out of there. Empty values are left out."""
    nested = row.get("properties")
    known = {**(nested if isinstance(nested, Mapping) else {}), **row}
    found = {ours: next((known[name] for name in names if known.get(name) not in (None, "")), None)
             for ours, names in _NAMES.items()}  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def event_of(row: Mapping[str, Any]) -> Event | None:
    """The id of the delivery and of what it is about; None where it has none, or one that cannot be kept."""
    event = _kept(row.get("event_id"))
    return (event, _kept(row.get("object_id"))) if event else None


def _kept(said: object) -> str:
    text = str(said) if isinstance(said, str | int) and not isinstance(said, bool) else ""
    return text if len(text) <= _LONGEST_EVENT and text.isprintable() else ""


def digest_of(row: Mapping[str, Any]) -> bytes:
    """What the row says: the same again is the same delivery."""
    text = json.dumps(row, sort_keys=True, default=str)
    return hashlib.sha256(text.encode(errors="replace")).digest()


def stage_of(row: Mapping[str, Any], stages: Mapping[str, str]) -> str:
    """Our stage, or `IGNORED`. Raises StageUnknown."""
    said = str(row.get("stage", "")).strip().lower()
    if said in stages:
        return stages[said]
    if said in {stage.value for stage in REPORTED}:
        return said
    raise StageUnknown(fields={"stage": str(StageUnknown.sentence)})


class Delivered:
    """A row for `report_many`: complete once its order is known, in whose currency an amount is."""

    def __init__(self, row: Mapping[str, Any], stages: Mapping[str, str]) -> None:
        self._row, self._stages = row, stages

    def __call__(self, order: Order | None) -> dict[str, Any]:
        """Raises Invalid, StageUnknown."""
        told = {name: value for name, value in self._row.items() if name not in _NOT_TOLD}
        told["stage"] = stage_of(self._row, self._stages)
        amount = self._row.get("amount")
        if isinstance(amount, Mapping):
            told["amount"] = dict(amount)
        elif amount is not None:
            currency = self._row.get("currency") or (order.currency if order else "USD")
            told["amount"] = money_of(str(amount), str(currency).upper())
        told["at"] = self._again(order, told) or _moment(self._row.get("at"))
        return told

    def _again(self, order: Order | None, told: Mapping[str, Any]) -> str | None:
        """The time of the order's latest outcome, if a row without an id and a time says the same once more.

        A retry of a CRM looks like that; a further sale of the same amount needs an id or a time.
        """
        if order is None or "at" in self._row or event_of(self._row):
            return None
        latest = latest_of([order.id]).get(order.id)
        return latest.at.isoformat() if latest and _said(told) == _said(NamedOutcomeIn().dump(latest)) else None


def is_ignored(row: Mapping[str, Any], stages: Mapping[str, str]) -> bool:
    return stages.get(str(row.get("stage", "")).strip().lower()) == IGNORED


def _said(told: Mapping[str, Any]) -> tuple[Any, ...]:
    return told["stage"], told.get("amount"), told.get("remind_on")


def _moment(said: Any) -> str:
    """A time as text; seconds or milliseconds since 1970 as well, now where nothing is said. Raises Invalid."""
    if said is None:
        return clock.now().isoformat()
    text = str(said).strip()
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        return text
    seconds = int(text) / 1000 if int(text) > _MILLISECONDS else int(text)
    if seconds > _LAST:
        raise Invalid(fields={"at": _("This is no time.")})
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat()
