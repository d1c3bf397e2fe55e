"""Invitations: asked by letter, taken by the person who can read it."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from marketplace import events
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Invalid, NotFound, Unauthorized
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import locale_code
from marketplace.people import passwords
from marketplace.people.actions.organisations import lock_organisation
from marketplace.people.actions.rows import Themselves, add_member, add_user, confirm, lock_user, proved, user_of
from marketplace.people.actions.sign_in import HalfWay, half_way
from marketplace.people.errors import AlreadyMember, EmailNotConfirmed, OtherAddress, WrongPassword
from marketplace.people.models import Invitation, Membership, User
from marketplace.people.queries.team import invitation_of, open_invitations
from marketplace.people.queries.who import who_of_address
from marketplace.people.rules import Power
from marketplace.people.schemas import Joining
from marketplace.people.who import Who


def invite(who: Who, email: str, role: str) -> Invitation:
    """Ask an address (clean, lower case) to join; asking again sends another letter, with this role.

    Raises:
        Forbidden, EmailNotConfirmed, AlreadyMember.
    """
    who.need(Power.TEAM_WRITE)
    if not who.is_confirmed:
        raise EmailNotConfirmed
    lock_organisation(who.org_id)
    known = user_of(email)
    if known and _is_member(known.id, who.org_id):
        raise AlreadyMember
    row = session().scalars(open_invitations(who.org_id).where(Invitation.email == email)).first()
    if row is None:
        row = Invitation(org_id=who.org_id, email=email, invited_by=who.user_id, created_at=clock.now())
        session().add(row)
    row.role = role
    session().flush()
    events.record("member.invited", row.id, by=who, orgs=[who.org_id], role=role)
    return row


def withdraw_invitation(who: Who, invitation_id: UUID) -> None:
    """Take an open invitation back; its link ends.

    Raises:
        Forbidden, NotFound.
    """
    who.need(Power.TEAM_WRITE)
    row = (
        session()
        .scalars(open_invitations(who.org_id).where(Invitation.id == invitation_id).with_for_update())
        .one_or_none()
    )
    if row is None:
        raise NotFound
    row.withdrawn_at = clock.now()
    events.record("invitation.withdrawn", row.id, by=who, orgs=[who.org_id])


def join(token: str, form: Joining, *, via: str = "page") -> Who | HalfWay:
    """Accept an invitation: a new person gives name and password, a known one the password they have.

    Who has a second factor is only half the way in by that: they accept it when they are signed in.

    Raises:
        TokenInvalid, TokenExpired, TokenUsed, WrongPassword, WeakPassword, AlreadyMember,
        Invalid: a new person gave no name.
    """
    row = invitation_of(token, is_locked=True).invitation
    known = user_of(row.email)
    user = proved(known, form.password) if known else _new(row.email, form)
    return half_way(user) or _take(row, user, via)


def join_as(who: Who, token: str) -> Who:
    """Accept an invitation while signed in; return the person acting for the new organisation.

    Raises:
        TokenInvalid, TokenExpired, TokenUsed, OtherAddress, AlreadyMember,
        Unauthorized: the person's password is another one by now.
    """
    row = invitation_of(token, is_locked=True).invitation
    user = lock_user(who.user_id)
    if user is None or user.session_epoch != who.epoch:
        raise Unauthorized
    if user.email != row.email:
        raise OtherAddress
    return replace(_take(row, user, who.via), sign_in_id=who.sign_in_id)


def _take(row: Invitation, user: User, via: str) -> Who:
    if _is_member(user.id, row.org_id):
        raise AlreadyMember
    by = Themselves(user.id, via)
    confirm(user, by)
    row.accepted_at = clock.now()
    add_member(user.id, row.org_id, row.role, by)
    return who_of_address(user.email, via=via, org_id=row.org_id)


def _new(email: str, form: Joining) -> User:
    if not form.name:
        raise Invalid(fields={"name": _("Fill this in.")})
    passwords.check(form.password, email)
    user = add_user(email, form.name, passwords.hash_of(form.password), locale_code())
    if user is None:
        raise WrongPassword
    return user


def _is_member(user_id: UUID, org_id: UUID) -> bool:
    mine = select(Membership.id).where(Membership.user_id == user_id, Membership.org_id == org_id)
    return session().scalars(mine).first() is not None
