"""The person of a lead: sealed into one blob, opened in one place, every opening written down."""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.kit import clock, crypto
from marketplace.kit.db import session
from marketplace.leads.errors import LeftAlone, NotYours
from marketplace.leads.models import CallRight, ContactComparison, ContactRead, ContactRight, Lead
from marketplace.leads.rules import MOST_SLIPS, distance
from marketplace.leads.withdrawals import withdrawn_at
from marketplace.people import Who

_FIELDS = (
    "first_name", "last_name", "full_name", "phone", "email", "social_url", "street", "city", "region",
    "postal_code", "country", "preferred_call_time", "comment", "page_url", "ip", "traffic_source", "incentive",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Everything that is handed over with a lead. Printed, logged or in a traceback it shows nothing of it."""

    fields: Mapping[str, str]
    phone_e164: str | None
    consent: Mapping[str, Any]
    answers: Mapping[str, Any]
    submitted_at: str | None

    @property
    def name(self) -> str:
        """The person's name as it was given."""
        parts = [self.fields.get("first_name", ""), self.fields.get("last_name", "")]
        return " ".join(part for part in parts if part) or self.fields.get("full_name", "")

    def to_json(self) -> dict[str, Any]:
        """The contact as the API gives it: every field, null where there is nothing."""
        return {
            **{name: self.fields.get(name) for name in _FIELDS},
            "name": self.name,
            "phone_e164": self.phone_e164,
            "consent": dict(self.consent),
            "answers": dict(self.answers),
            "submitted_at": self.submitted_at,
        }


def seal_contact(lead_id: UUID, lead: Mapping[str, Any], answers: Mapping[str, Any], phone: str | None) -> bytes:
    """The blob of a lead's person, bound to its row."""
    content = {
        "fields": {name: lead[name] for name in _FIELDS if lead.get(name)},
        "phone": phone,
        "consent": {key: _plain(value) for key, value in (lead.get("consent") or {}).items() if value},
        "answers": dict(answers),
        "submitted_at": _plain(lead.get("submitted_at")),
    }
    return crypto.seal(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), _place(lead_id))


#: by this way we look at a contact ourselves, for a buyer that says it is bad
RECHECK = "recheck"
#: and by this one to write to the person
LETTER = "letter"


class Reader(Protocol):
    """Who reads a contact, by which way: a person of an organisation, or our own check on behalf of one."""

    @property
    def org_id(self) -> UUID: ...
    @property
    def user_id(self) -> UUID | None: ...
    @property
    def via(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Recheck:
    """We read a contact for the organisation that bought it. via: to check it again, or to write to the person."""

    org_id: UUID
    user_id: UUID | None = None
    via: str = RECHECK


def open_contact(who: Reader, lead_id: UUID) -> Contact:
    """The person of a lead, for an organisation that bought it, or for staff while they have to call the person.

    Writes the access log: call it in a transaction.

    Raises:
        NotYours: the organisation has no right to this contact.
    """
    place = (lead_id, who.org_id)
    if session().get(ContactRight, place) is None and session().get(CallRight, place) is None:
        raise NotYours
    session().add(ContactRead(lead_id=lead_id, org_id=who.org_id, user_id=who.user_id, via=who.via, at=clock.now()))
    session().flush()
    return _contact(_content(lead_id))


def open_to_compare(agency_id: UUID, lead_ids: Collection[UUID]) -> dict[UUID, Contact]:
    """Those of these leads that are the agency's own, for us to compare with another one of it; nobody is told them.

    One that can be opened no more is left out. Writes the access log, one row for all: call it in a transaction.
    """
    if not lead_ids:
        return {}
    mine = select(Lead.id, Lead.sealed).where(Lead.id.in_(lead_ids), Lead.agency_id == agency_id)
    found = {}
    for lead_id, sealed in session().execute(mine):
        with suppress(crypto.Unreadable):
            found[lead_id] = _contact(_opened(lead_id, sealed))
    session().execute(insert(ContactComparison).values(agency_id=agency_id, lead_ids=list(found), at=clock.now()))
    return found


def let_call(who: Who, lead_id: UUID, audit_id: UUID) -> None:
    """Give somebody's organisation the right to read a contact for a call; `end_call` takes it away.

    Raises LeftAlone: the person wants no more calls.
    """
    if withdrawn_at([lead_id]):
        raise LeftAlone
    right = insert(CallRight).values(lead_id=lead_id, org_id=who.org_id, audit_id=audit_id, since=clock.now())
    session().execute(right.on_conflict_do_nothing())


def end_call(audit_id: UUID) -> None:
    """The call is made: close its contact again for everyone."""
    session().execute(delete(CallRight).where(CallRight.audit_id == audit_id))


def is_typo_of(lead_id: UUID, name: str, *spellings: str) -> bool:
    """Whether a field of a lead's contact is a slip away from one of these, and none of them; nobody is told it."""
    content = _content(lead_id)
    known = {content["fields"].get(name) or "", (content["phone"] or "") if name == "phone" else ""} - {""}
    apart = [distance(name, before, after) for before in known for after in spellings]
    return 0 < min(apart, default=0) <= MOST_SLIPS


def mend_contact(lead_id: UUID, name: str, value: str, phone: str | None) -> str:
    """Put a field of a lead's contact right and seal it again; the person's name as it is now.

    phone: E.164 of a field that is a phone.
    """
    content = _content(lead_id)
    content["fields"][name] = value
    if name == "phone":
        content["phone"] = phone
    sealed = crypto.seal(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), _place(lead_id))
    session().execute(update(Lead).where(Lead.id == lead_id).values(sealed=sealed))
    return Contact(content["fields"], content["phone"], {}, {}, None).name


def seal_field(row_id: UUID, value: str) -> bytes:
    """One field that is not part of a lead yet, bound to the row that keeps it."""
    return crypto.seal(value.encode(), _offered(row_id))


def field_in(row_id: UUID, sealed: bytes) -> str:
    """The field that a row keeps; for acts alone, nobody reads it."""
    return crypto.unseal(sealed, _offered(row_id)).decode()


def open_field(who: Reader, lead_id: UUID, row_id: UUID, sealed: bytes) -> str:
    """The same for an organisation that bought the lead. Writes the access log. Raises NotYours."""
    if session().get(ContactRight, (lead_id, who.org_id)) is None:
        raise NotYours
    session().add(ContactRead(lead_id=lead_id, org_id=who.org_id, user_id=who.user_id, via=who.via, at=clock.now()))
    session().flush()
    return field_in(row_id, sealed)


def given_fields(lead_id: UUID) -> frozenset[str]:
    """Which fields of a lead's contact hold something; not what."""
    return frozenset(name for name, value in _content(lead_id)["fields"].items() if value)


def _content(lead_id: UUID) -> dict[str, Any]:
    sealed = session().scalars(select(Lead.sealed).where(Lead.id == lead_id)).one()
    return _opened(lead_id, sealed)


def _opened(lead_id: UUID, sealed: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(crypto.unseal(sealed, _place(lead_id)))
    return content


def _contact(content: Mapping[str, Any]) -> Contact:
    return Contact(content["fields"], content["phone"], content["consent"], content["answers"], content["submitted_at"])


def _offered(row_id: UUID) -> str:
    return f"corrections:sealed:{row_id}"


def _place(lead_id: UUID) -> str:
    return f"leads:sealed:{lead_id}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
