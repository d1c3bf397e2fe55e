"""Who is too near to an organisation to judge it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, or_, select

from marketplace.events.models import Event
from marketplace.kit.db import session
from marketplace.people.models import Membership


def has_ties(user_id: UUID, org_ids: Collection[UUID]) -> bool:
    """Whether a person belongs to one of these organisations or ever did.

    An invitation that was not accepted is none: a party could send one to everybody who might decide about it.
    """
    ids = list(org_ids)
    belongs = exists().where(Membership.user_id == user_id, Membership.org_id.in_(ids))
    joined = exists().where(
        Event.name == "member.joined", Event.org_ids.overlap(ids), Event.data["user_id"].astext == str(user_id)
    )
    return bool(session().scalar(select(or_(belongs, joined))))
