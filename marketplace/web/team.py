"""The people of an organisation: who they are, what they may do, who is invited."""

from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.people import Power, Who, actions, queries
from marketplace.people.errors import AlreadyMember, EmailNotConfirmed, LastOwner
from marketplace.people.schemas import InvitationForm, RoleForm
from marketplace.people.wording import ROLE_NOTES, ROLES
from marketplace.web import session
from marketplace.web.navigation import home_of
from marketplace.web.session import who
from marketplace.web.visitors import form_page, go, network, tell

blueprint = Blueprint("team", __name__, url_prefix="/team")


@blueprint.get("")
def index() -> ResponseReturnValue:
    return _page()


@blueprint.post("/invitations")
def invite() -> ResponseReturnValue:
    """Asking the same address again sends another letter and withdraws nothing."""
    reader = who()
    try:
        asked = read_form(InvitationForm(), request.form)
        with transaction():
            actions.throttle_letters("invitation", asked["email"], network())
        with transaction():
            actions.invite(reader, asked["email"], asked["role"])
    except (Invalid, AlreadyMember, EmailNotConfirmed) as why:
        return _page(why)
    flash(_("The invitation is on its way."), "success")
    return go(url_for(".index"))


@blueprint.post("/invitations/<uuid:invitation_id>/withdrawal")
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    reader = who()
    with transaction():
        actions.withdraw_invitation(reader, invitation_id)
    flash(_("The invitation is withdrawn: its link no longer works."), "success")
    return go(url_for(".index"))


@blueprint.post("/members/<uuid:user_id>/role")
def change_role(user_id: UUID) -> ResponseReturnValue:
    reader = who()
    try:
        role = read_form(RoleForm(), request.form)["role"]
        with transaction():
            actions.change_role(reader, user_id, role)
    except LastOwner as why:
        tell(why)
    else:
        flash(_("The role is changed. It holds from now on."), "success")
    return go(url_for(".index"))


@blueprint.post("/members/<uuid:user_id>/removal")
def remove(user_id: UUID) -> ResponseReturnValue:
    reader = who()
    try:
        with transaction():
            actions.remove(reader, user_id)
    except LastOwner as why:
        tell(why)
    else:
        flash(_("Member removed; their API keys have been revoked."), "success")
    return go(url_for(".index"))


@blueprint.post("/leave")
def leave() -> ResponseReturnValue:
    """The person goes on in another of their organisations, or is signed out."""
    reader = who()
    try:
        with transaction():
            actions.leave(reader)
    except LastOwner as why:
        tell(why)
        return go(url_for(".index"))
    flash(_("You have left %(name)s.", name=reader.org_name), "success")
    return _elsewhere(reader)


def _elsewhere(reader: Who) -> ResponseReturnValue:
    places = queries.organisations_of(reader)
    if not places:
        session.end()
        return go(url_for("front.show"))
    with transaction():
        other = actions.switch(reader, places[0].org_id)
    session.begin(other)
    return go(home_of(other))


def _page(why: Refusal | None = None) -> ResponseReturnValue:
    reader = who()
    is_owner = reader.can(Power.TEAM_WRITE)
    return form_page(
        "team/index.html",
        why,
        members=queries.members_for(reader),
        invitations=queries.invitations_for(reader) if is_owner else [],
        is_owner=is_owner,
        roles={role: str(words) for role, words in ROLES.items()},
        notes=[(words, ROLE_NOTES[reader.org_kind, role]) for role, words in ROLES.items()],
    )
