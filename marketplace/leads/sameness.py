"""What our own records say about the person of a lead, found by keyed digests; no contact is opened for it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from marketplace.kit.db import session
from marketplace.leads.models import Bounce, ContactRight, Lead, LeadKey
from marketplace.leads.rules import SAME_LEAD

#: how long before a lead came in a bounce of its address still tells something
_OLD_BOUNCE = timedelta(days=90)


def came_before(lead: Lead, buyer_id: UUID, bought_at: datetime) -> bool | None:
    """Whether this buyer got somebody as new who was not, within 90 days; None where there is nothing to compare.

    So it is when the same agency sent the person before, when the buyer had bought the person before, whoever sent
    them, or when an exclusive lead had been sold to somebody else before. That another agency merely has the person
    too is no duplicate: people ask more than once, and nobody can make a rival's leads worthless by sending them first.
    """
    if not session().scalar(select(exists().where(LeadKey.lead_id == lead.id))):
        return None
    mine, other = aliased(LeadKey), aliased(LeadKey)
    same = and_(mine.lead_id == lead.id, other.digest == mine.digest, other.lead_id != lead.id)
    sent = and_(other.agency_id == lead.agency_id, _within(other.received_at, lead.received_at))
    sold = exists().where(ContactRight.lead_id == other.lead_id, _within(ContactRight.since, bought_at))
    counts = sold if lead.slots_total == 1 else sold.where(ContactRight.org_id == buyer_id)
    return bool(session().scalar(select(exists().where(same, or_(sent, counts)))))


def _within(at: InstrumentedAttribute[datetime], before: datetime) -> ColumnElement[bool]:
    return and_(at < before, at > before - SAME_LEAD)


def has_bounced(lead: Lead) -> bool:
    """Whether a letter of ours to the lead's address came back for good, lately or since."""
    bounced = exists().where(
        LeadKey.lead_id == lead.id,
        LeadKey.kind == "email",
        Bounce.digest == LeadKey.digest,
        Bounce.last_at > lead.received_at - _OLD_BOUNCE,
    )
    return bool(session().scalar(select(bounced)))
