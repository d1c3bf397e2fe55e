"""A lead as it may be seen before purchase. Nothing here identifies a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marketplace.catalog import Listing, vertical
from marketplace.catalog.fields import Field
from marketplace.catalog.wording import curve_in_words
from marketplace.checks import MARKS, Fact, facts_of
from marketplace.kit import clock
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.leads import Lead
from marketplace.people import Organisation

_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as its preview shows it: the question, the value, and the value in words.

    `kind` is the field's: a choice speaks for itself, a number or a yes needs its question.
    """

    name: str
    title: str
    value: Any
    label: str
    kind: str

    @property
    def short(self) -> str:
        """The answer for a line of several."""
        return self.label if self.kind in ("choice", "multi") else f"{self.title}: {self.label}"


@dataclass(frozen=True, slots=True)
class MaskedLead:
    """A lead with its listing and agency, behind a mask: only these properties leave the exchange before a sale."""

    lead: Lead
    listing: Listing
    agency: Organisation

    @classmethod
    def of(cls, row: Any) -> "MaskedLead":
        """From a row of lead, listing and agency."""
        return cls(*row)

    @property
    def id(self) -> UUID:
        return self.lead.id

    @property
    def price(self) -> Money:
        """Of this moment; the deposit where it is paid by the sale."""
        return self.listing.price_of(self.lead.submitted_at, clock.now())

    @property
    def next_fall(self) -> tuple[datetime, Money] | None:
        """When the price falls the next time, and to what; None when it stays."""
        curve, asked = self.listing.curve, self.lead.submitted_at
        fall = curve.next_fall(self.listing.price_cents, clock.now() - asked) if curve else None
        return (asked + fall[0], Money(fall[1], self.listing.currency)) if fall else None

    @property
    def curve_words(self) -> str:
        """How the price falls, as the listing prints it; empty where it stays."""
        curve = self.listing.curve
        return curve_in_words(curve, self.listing.price) if curve else ""

    @property
    def slots_left(self) -> int:
        return self.lead.slots_total - self.lead.slots_taken

    @property
    def p_real(self) -> float | None:
        """The chance that it is real, 0..1; None until it is scored, a moment after it came in."""
        return None if self.lead.real_bp is None else self.lead.real_bp / _WHOLE

    @property
    def p_convert(self) -> float | None:
        """The chance that it buys; None while no model has something to say about it."""
        return None if self.lead.convert_bp is None else self.lead.convert_bp / _WHOLE

    @property
    def answers(self) -> list[Answer]:
        """The previewed answers in the order of the trade's questions."""
        return [Answer(f.name, _(f.title), value, f.label_of(value), f.kind) for f, value in self._shown]

    @property
    def _shown(self) -> list[tuple[Field, Any]]:
        preview = self.lead.preview
        return [(field, preview[field.name]) for field in vertical(self.lead.vertical).fields if field.name in preview]

    @property
    def marks(self) -> list[tuple[str, str]]:
        """The seven checks in their fixed order with how each came out."""
        found = self.lead.checks.get("marks", {})
        return [(name, found.get(name, "unknown")) for name in MARKS]

    @property
    def facts(self) -> list[Fact]:
        """The same seven with what stands behind each, in words."""
        return facts_of(self.lead.checks)

    def to_json(self) -> dict[str, Any]:
        """The masked lead as the API gives it. Scores are null until there are any."""
        lead, agency, fall = self.lead, self.agency, self.next_fall
        return {
            "id": str(lead.id),
            "listing_id": str(self.listing.id),
            "agency": {"id": str(agency.id), "name": agency.name, "grade": agency.grade, "score": agency.score},
            "vertical": lead.vertical,
            "region": lead.region,
            "postal_prefix": lead.postal_prefix,
            "country": lead.country,
            "price": self.price.to_json(),
            "price_falls": {"at": fall[0].isoformat(), "price": fall[1].to_json()} if fall else None,
            "pricing": self.listing.pricing,
            "commission": _plain(self.listing.commission_told),
            "terms_version": self.listing.version,
            "exclusivity": self.listing.exclusivity,
            "slots_left": self.slots_left,
            "window_days": self.listing.window_days,
            "received_at": lead.received_at.isoformat(),
            "submitted_at": lead.submitted_at.isoformat(),
            "temperature": lead.temperature,
            "qualification": lead.qualification,
            "contact_type": lead.contact_type,
            "channel": lead.channel,
            "checks": [{"check": name, "result": result} for name, result in self.marks],
            "p_real": self.p_real,
            "p_convert": self.p_convert,
            "answers": {field.name: value for field, value in self._shown},
        }


def _plain(told: dict[str, Any] | None) -> dict[str, Any] | None:
    """The terms of a commission with their amounts as plain values."""
    if told is None:
        return None
    return {
        name: {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value
        for name, value in told.items()
    }
