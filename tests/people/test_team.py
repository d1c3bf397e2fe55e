import pytest

from marketplace import events
from marketplace.kit.db import transaction
from marketplace.kit.errors import Forbidden, Invalid, NotFound
from marketplace.people import actions, queries
from marketplace.people.errors import (
    AlreadyMember,
    EmailNotConfirmed,
    LastOwner,
    OtherAddress,
    TokenExpired,
    TokenUsed,
    UnknownKey,
    WrongPassword,
)
from marketplace.people.schemas import Joining

PASSWORD = "correct horse battery"


@pytest.fixture
def invite(app):
    """Invite an address: -> the token of its letter."""

    def do(who, email, role="member"):
        with transaction():
            row = actions.invite(who, email, role)
        return queries.invited(row.id).token

    return do


def test_a_new_person_joins_with_name_and_password(make_who, invite):
    owner = make_who(kind="agency")
    token = invite(owner, "lee@example.com", "finance")
    opened = queries.invitation_of(token)
    assert (opened.org_name, opened.is_known, opened.invitation.email) == (owner.org_name, False, "lee@example.com")
    with transaction():
        joined = actions.join(token, Joining(password="a long enough phrase", name="Lee"))
    assert (joined.org_id, joined.role, joined.is_confirmed) == (owner.org_id, "finance", True)
    assert [member.email for member in queries.members_for(owner)][1:] == ["lee@example.com"]
    with pytest.raises(TokenUsed), transaction():
        actions.join(token, Joining(password="a long enough phrase", name="Lee"))


def test_a_new_person_without_a_name_is_asked_for_it(make_who, invite):
    token = invite(make_who(), "lee@example.com")
    with pytest.raises(Invalid) as refusal, transaction():
        actions.join(token, Joining(password="a long enough phrase"))
    assert list(refusal.value.fields) == ["name"]


def test_a_known_person_joins_with_the_password_they_have(make_who, invite):
    owner, lee = make_who(), make_who(kind="agency", email="lee@example.com")
    token = invite(owner, "lee@example.com")
    assert queries.invitation_of(token).is_known
    with pytest.raises(WrongPassword), transaction():
        actions.join(token, Joining(password="not the password", name="Somebody else"))
    with transaction():
        joined = actions.join(token, Joining(password=PASSWORD))
    assert (joined.user_id, joined.org_id) == (lee.user_id, owner.org_id)
    assert len(queries.organisations_of(lee)) == 2


def test_a_signed_in_person_accepts_only_an_invitation_to_their_own_address(make_who, invite):
    owner, lee, other = make_who(), make_who(email="lee@example.com"), make_who()
    token = invite(owner, "lee@example.com", "manager")
    with pytest.raises(OtherAddress), transaction():
        actions.join_as(other, token)
    with transaction():
        assert actions.join_as(lee, token).role == "manager"


def test_an_invitation_can_be_withdrawn_and_grows_old(make_who, invite, clock):
    owner, stranger = make_who(), make_who()
    token = invite(owner, "lee@example.com")
    row = queries.invitations_for(owner)[0]
    with pytest.raises(NotFound), transaction():
        actions.withdraw_invitation(stranger, row.id)
    with transaction():
        actions.withdraw_invitation(owner, row.id)
    with pytest.raises(TokenUsed):
        queries.invitation_of(token)
    assert queries.invited(row.id) is None
    later = invite(owner, "lee@example.com")
    clock.advance(days=7, seconds=5)
    with pytest.raises(TokenExpired):
        queries.invitation_of(later)


def test_inviting_again_keeps_one_invitation_and_sends_another_letter(make_who, invite):
    owner = make_who()
    invite(owner, "lee@example.com", "member")
    invite(owner, "lee@example.com", "manager")
    (row,) = queries.invitations_for(owner)
    assert row.role == "manager"
    assert len(events.history(row.id, "member.invited")) == 2


def test_only_owners_with_a_confirmed_address_invite_and_nobody_twice(make_who, sign_up):
    owner = make_who(email="owner@example.com")
    manager = make_who(role="manager", org_id=owner.org_id)
    with pytest.raises(Forbidden), transaction():
        actions.invite(manager, "lee@example.com", "member")
    with pytest.raises(AlreadyMember), transaction():
        actions.invite(owner, "owner@example.com", "member")
    sign_up()
    unconfirmed = queries.who_of_address("dana@brightside.example")
    with pytest.raises(EmailNotConfirmed), transaction():
        actions.invite(unconfirmed, "lee@example.com", "member")


def test_the_last_owner_stays_an_owner(make_who):
    owner = make_who()
    second = make_who(role="member", org_id=owner.org_id)
    for act in (
        lambda: actions.change_role(owner, owner.user_id, "member"),
        lambda: actions.remove(owner, owner.user_id),
        lambda: actions.leave(owner),
    ):
        with pytest.raises(LastOwner), transaction():
            act()
    with transaction():
        actions.change_role(owner, second.user_id, "owner")
    with transaction():
        actions.leave(owner)
    assert queries.who_of_member(owner.user_id, owner.org_id, "page") is None
    assert queries.who_of_member(second.user_id, owner.org_id, "page").role == "owner"


def test_a_removed_member_loses_session_and_keys_and_they_do_not_come_back(make_who, invite):
    owner = make_who()
    manager = make_who(role="manager", email="lee@example.com", org_id=owner.org_id)
    with transaction():
        _key, secret = actions.create_api_key(manager, "script", ["wallet:read"])
    with transaction():
        actions.remove(owner, manager.user_id)
    with pytest.raises(UnknownKey):
        queries.who_of_key(secret)
    token = invite(owner, "lee@example.com", "owner")
    with transaction():
        actions.join(token, Joining(password=PASSWORD))
    with pytest.raises(UnknownKey):
        queries.who_of_key(secret)


def test_members_of_another_organisation_do_not_exist(make_who):
    owner, stranger = make_who(), make_who()
    for act in (
        lambda: actions.change_role(owner, stranger.user_id, "member"),
        lambda: actions.remove(owner, stranger.user_id),
        lambda: queries.members_for(owner, stranger.org_id),
    ):
        with pytest.raises(NotFound), transaction():
            act()


def test_any_member_may_leave_but_only_owners_manage(make_who):
    owner = make_who()
    member = make_who(role="member", org_id=owner.org_id)
    for act in (
        lambda: actions.change_role(member, owner.user_id, "member"),
        lambda: actions.remove(member, owner.user_id),
        lambda: queries.invitations_for(member),
    ):
        with pytest.raises(Forbidden), transaction():
            act()
    with transaction():
        actions.leave(member)
    assert [each.user_id for each in queries.members_for(owner)] == [owner.user_id]
