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

#: our name, and what a CRM may call it (HubSpot: eventId, propertyValue, occurredAt; or properties of a deal)
_NAMES: Mapping[str, tuple[str, ...]] = {
    "event_id": ("event_id", "eventId"),
    "order_id": ("order_id", "fairlead_order_id"),
    "lead_id": ("lead_id", "fairlead_lead_id"),
    "stage": ("stage", "dealstage", "deal_stage", "propertyValue", "status"),
    "at": ("at", "occurredAt", "occurred_at"),
    "amount": ("amount", "deal_amount"),
    "currency": ("currency", "deal_currency_code"),
    "reason": ("reason", "closed_lost_reason"),
    "remind_on": ("remind_on",),
}
_LONGEST_EVENT = 200
_MILLISECONDS = 10_000_000_000  # a number above is one of these, below it counts seconds
_LAST = 253_402_300_799
_MOST_DIGITS = 15


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row by our names; what a CRM nests below `properties` is taken out of there. Empty values are left out."""
    nested = row.get("properties")
    known = {**(nested if isinstance(nested, Mapping) else {}), **row}
    found = {ours: next((known[name] for name in names if known.get(name) not in (None, "")), None)
             for ours, names in _NAMES.items()}  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def event_of(row: Mapping[str, Any]) -> str | None:
    """The id of the delivery; None where it has none, or one that cannot be kept."""
    found = row.get("event_id")
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    return text if 0 < len(text) <= _LONGEST_EVENT and text.isprintable() else None


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
        told = {name: value for name, value in self._row.items() if name not in ("event_id", "currency", "amount")}
        told["stage"] = stage_of(self._row, self._stages)
        told["at"] = _moment(self._row.get("at"))
        amount = self._row.get("amount")
        if isinstance(amount, Mapping):
            told["amount"] = dict(amount)
        elif amount is not None:
            currency = self._row.get("currency") or (order.currency if order else "USD")
            told["amount"] = money_of(str(amount), str(currency).upper())
        return told


def is_ignored(row: Mapping[str, Any], stages: Mapping[str, str]) -> bool:
    return stages.get(str(row.get("stage", "")).strip().lower()) == IGNORED


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
