"""Who is too near to an organisation to judge it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select, union

from marketplace.events.models import Event
from marketplace.kit.db import session
from marketplace.people.errors import TooNear
from marketplace.people.models import Membership
from marketplace.people.who import Who


def ties_of(user_id: UUID, org_ids: Collection[UUID]) -> set[UUID]:
    """To which of these organisations a person belongs or ever did.

    An invitation that was not accepted is no tie: a party could send one to everybody who might decide about it.
    """
    ids = list(org_ids)
    belongs = select(Membership.org_id).where(Membership.user_id == user_id, Membership.org_id.in_(ids))
    joined = select(func.unnest(Event.org_ids)).where(
        Event.name == "member.joined", Event.org_ids.overlap(ids), Event.data["user_id"].astext == str(user_id)
    )
    return set(session().scalars(union(belongs, joined)))


def has_ties(user_id: UUID, org_ids: Collection[UUID]) -> bool:
    """Whether a person belongs to one of these organisations or ever did."""
    return bool(ties_of(user_id, org_ids))


def keep_apart(who: Who, org_id: UUID) -> None:
    """Nobody decides about an organisation that they belong or belonged to. Raises TooNear."""
    if has_ties(who.user_id, [org_id]):
        raise TooNear
