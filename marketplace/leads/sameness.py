"""What our own records say about the person of a lead, found by keyed digests; no contact is opened for it."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from marketplace.checks import canonical_email
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import session
from marketplace.leads.models import Bounce, ContactRight, Lead, LeadKey
from marketplace.leads.rules import SAME_LEAD

#: how long before a lead came in a bounce of its address still tells something
_OLD_BOUNCE = timedelta(days=90)


class Elsewhere(StrEnum):
    """To whom another agency's lead of the same person had been sold: this buyer, or another one than this buyer."""

    TO_BUYER = "to_buyer"
    TO_ANOTHER = "to_another"


def sent_before(lead: Lead) -> bool | None:
    """Whether the lead's agency had sent the same person within 90 days; None where there is nothing to compare.

    Both sides of a dispute read it, so it says nothing of what other agencies have.
    """
    if not session().scalar(select(exists().where(LeadKey.lead_id == lead.id))):
        return None
    other = aliased(LeadKey)
    sent = other.agency_id == lead.agency_id, _within(other.received_at, lead.received_at)
    return bool(session().scalar(select(exists().where(_same(lead, other), *sent))))


def sold_before(lead: Lead, buyer_id: UUID, bought_at: datetime) -> Elsewhere | None:
    """What another agency's lead of the same person had been within 90 days before a purchase. **For staff alone.**

    That another agency merely has the person is nothing: people ask more than once, and nobody can make a rival's
    leads worthless by sending them first.
    """
    other = aliased(LeadKey)
    rights = select(ContactRight.org_id).where(
        ContactRight.lead_id == other.lead_id,
        _same(lead, other),
        other.agency_id != lead.agency_id,
        _within(ContactRight.since, bought_at),
    )
    owners = set(session().scalars(rights.distinct()))
    if buyer_id in owners:
        return Elsewhere.TO_BUYER
    return Elsewhere.TO_ANOTHER if owners and lead.slots_total == 1 else None


def _same(lead: Lead, other: type[LeadKey]) -> ColumnElement[bool]:
    """Another lead of a person with the same phone or e-mail."""
    mine = select(LeadKey.digest).where(LeadKey.lead_id == lead.id)
    return and_(other.digest.in_(mine), other.lead_id != lead.id)


def _within(at: InstrumentedAttribute[datetime], before: datetime) -> ColumnElement[bool]:
    return and_(at < before, at > before - SAME_LEAD)


def address_of(lead: Lead) -> bytes | None:
    """The keyed digest of the lead's e-mail; None where it has none that could be read."""
    return session().scalar(select(LeadKey.digest).where(LeadKey.lead_id == lead.id, LeadKey.kind == "email"))


def has_bounced(lead: Lead, address: str = "") -> bool:
    """Whether a letter of ours to the lead's address came back for good, lately or since.

    address: another one than the lead's own, that passes the checks of intake.
    """
    own = select(LeadKey.digest).where(LeadKey.lead_id == lead.id, LeadKey.kind == "email")
    of_address = [blind_index("email", canonical_email(address) or "")] if address else own
    since = lead.received_at - _OLD_BOUNCE
    return bool(session().scalar(select(exists().where(Bounce.digest.in_(of_address), Bounce.last_at > since))))
