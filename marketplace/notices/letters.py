"""What each letter about people says, and to whom it goes. `subject_id` is the subject of the event it tells about."""

from uuid import UUID

from marketplace import events
from marketplace.notices.actions import write
from marketplace.people import Power, queries, wording
from marketplace.people.tokens import CONFIRM, JOIN, RESET


def confirm_address(user_id: UUID) -> None:
    """To somebody who has signed up, or has asked for this letter again."""
    event_id = last_event(user_id, "user.signed_up", "user.confirmation_wanted")
    token, days = queries.confirmation_token(user_id), CONFIRM.life.days
    write("confirm_address", queries.addressee(user_id), event_id, token=token, days=days)


def address_known(user_id: UUID) -> None:
    """To the owner of an address with which somebody tried to sign up again."""
    write("address_known", queries.addressee(user_id), last_event(user_id, "user.address_known"))


def password_reset(user_id: UUID) -> None:
    """To somebody who has forgotten the password."""
    event_id, hours = last_event(user_id, "user.reset_requested"), RESET.life.seconds // 3600
    write("password_reset", queries.addressee(user_id), event_id, token=queries.reset_token(user_id), hours=hours)


def invitation(invitation_id: UUID) -> None:
    """To an address that is asked to join an organisation, if it is still asked."""
    invited = queries.invited(invitation_id)
    if invited:
        event_id = last_event(invitation_id, "member.invited")
        role, days = wording.ROLES[invited.role], JOIN.life.days
        write("invitation", invited.to, event_id, invited=invited, role=role, days=days)


def organisation_verified(org_id: UUID) -> None:
    """To the owners of an organisation that staff have checked."""
    event_id, org = last_event(org_id, "organisation.verified"), queries.card(org_id)
    for to in queries.addressees(org_id, Power.TEAM_WRITE):
        write("organisation_verified", to, event_id, org=org)


def last_event(subject_id: UUID, *names: str) -> UUID:
    """The newest event of these names: what a letter tells about."""
    return events.history(subject_id, *names)[-1].id
