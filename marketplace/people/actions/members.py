"""Members of an organisation: their roles, and how they go."""

from uuid import UUID

from sqlalchemy import func, select, update

from marketplace import events
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.people.actions.organisations import lock_organisation
from marketplace.people.errors import LastOwner
from marketplace.people.models import ApiKey, Membership, Role
from marketplace.people.rules import Power
from marketplace.people.who import Who


def change_role(who: Who, user_id: UUID, role: str) -> None:
    """Give a member another role.

    Raises:
        Forbidden, NotFound, LastOwner.
    """
    who.need(Power.TEAM_WRITE)
    member = _locked(who, user_id)
    if role == member.role:
        return
    if member.role == Role.OWNER.value:
        _keep_an_owner(who.org_id)
    before, member.role = member.role, role
    facts = {"user_id": str(user_id), "before": before, "role": role}
    events.record("member.role_changed", member.id, by=who, orgs=[who.org_id], **facts)


def remove(who: Who, user_id: UUID) -> None:
    """End a membership; the person's keys for this organisation end with it.

    Raises:
        Forbidden, NotFound, LastOwner.
    """
    who.need(Power.TEAM_WRITE)
    _end(who, _locked(who, user_id))


def leave(who: Who) -> None:
    """End one's own membership.

    Raises:
        NotFound, LastOwner.
    """
    who.need(Power.TEAM_READ)
    _end(who, _locked(who, who.user_id))


def _end(who: Who, member: Membership) -> None:
    if member.role == Role.OWNER.value:
        _keep_an_owner(who.org_id)
    session().delete(member)
    session().execute(
        update(ApiKey)
        .where(ApiKey.org_id == who.org_id, ApiKey.user_id == member.user_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    facts = {"user_id": str(member.user_id), "role": member.role}
    events.record("member.removed", member.id, by=who, orgs=[who.org_id], **facts)


def _locked(who: Who, user_id: UUID) -> Membership:
    lock_organisation(who.org_id)
    mine = select(Membership).where(Membership.org_id == who.org_id, Membership.user_id == user_id)
    member = session().scalars(mine, execution_options={"populate_existing": True}).one_or_none()
    if member is None:
        raise NotFound
    return member


def _keep_an_owner(org_id: UUID) -> None:
    owners = select(func.count()).where(Membership.org_id == org_id, Membership.role == Role.OWNER.value)
    if session().scalars(owners).one() < 2:  # noqa: PLR2004  # the one who goes, and one who stays
        raise LastOwner
