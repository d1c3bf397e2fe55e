from uuid import uuid4

import pytest

from marketplace.kit.db import transaction
from marketplace.people import queries
from tests.factories.people import make_person


@pytest.fixture
def owner(app):
    return make_person("agency")


@pytest.fixture
def member(owner):
    return make_person("agency", role="member", org_id=owner.org_id)


def test_somebody_is_invited_and_the_invitation_withdrawn(visit, owner, run_jobs, mail):
    reader = visit(owner)
    done = reader.follow(reader.post("/team/invitations", email="New@Example.com", role="finance"))
    assert "new@example.com" in done.words
    run_jobs()
    assert mail.letters[-1].to == "new@example.com"
    with transaction():
        (invitation,) = queries.invitations_for(owner.who)
    assert "withdrawn" in reader.follow(reader.post(f"/team/invitations/{invitation.id}/withdrawal")).words
    assert reader.post(f"/team/invitations/{invitation.id}/withdrawal").status == 404


def test_a_wrong_invitation_is_told_in_the_form(visit, owner, member):
    reader = visit(owner)
    page = reader.post("/team/invitations", email="nobody@", role="member")
    assert (page.status, page.value_of("email")) == (422, "nobody@")
    assert reader.post("/team/invitations", email="new@example.com", role="king").status == 422
    known = reader.post("/team/invitations", email=member.email, role="member")
    assert known.status == 409
    assert "already a member" in known.words


def test_roles_change_and_the_last_owner_stays(visit, owner, member):
    reader = visit(owner)
    assert (
        "role is changed"
        in reader.follow(reader.post(f"/team/members/{member.who.user_id}/role", role="manager")).words
    )
    stays = reader.follow(reader.post(f"/team/members/{owner.who.user_id}/role", role="member"))
    assert "needs an owner" in stays.words
    assert "needs an owner" in reader.follow(reader.post("/team/leave")).words


def test_who_is_removed_is_out_at_once(visit, owner, member):
    theirs, reader = visit(member), visit(owner)
    assert theirs.get("/team").status == 200
    reader.post(f"/team/members/{member.who.user_id}/removal")
    assert theirs.get("/team").status == 303
    assert reader.post(f"/team/members/{member.who.user_id}/removal").status == 404


def test_who_leaves_is_out(visit, owner, member):
    reader = visit(member)
    assert reader.post("/team/leave").location == "/"
    assert reader.get("/team").status == 303
    assert member.email not in visit(owner).get("/team").text


def test_a_member_sees_the_team_and_changes_nothing(visit, owner, member):
    reader = visit(member)
    page = reader.get("/team")
    assert owner.email in page.words
    assert "Invite somebody" not in page.words
    assert reader.post("/team/invitations", email="new@example.com", role="owner").status == 403
    assert reader.post(f"/team/members/{member.who.user_id}/role", role="owner").status == 403
    assert reader.post(f"/team/members/{owner.who.user_id}/removal").status == 403


def test_people_of_others_do_not_exist(visit, owner):
    stranger = make_person("agency")
    reader = visit(stranger)
    assert reader.post(f"/team/members/{owner.who.user_id}/role", role="member").status == 404
    assert reader.post(f"/team/members/{owner.who.user_id}/removal").status == 404
    assert reader.post(f"/team/invitations/{uuid4()}/withdrawal").status == 404
    assert owner.email not in reader.get("/team").text
