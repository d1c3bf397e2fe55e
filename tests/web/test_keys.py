import re
from uuid import uuid4

import pytest

from marketplace.kit.db import transaction
from marketplace.people import actions, queries
from tests.factories.people import make_person


@pytest.fixture
def owner(app):
    return make_person("agency")


def keys_of(person):
    with transaction():
        return queries.api_keys_for(person.who)


def make(reader, **changes):
    return reader.post("/keys", **{"key": str(uuid4()), "name": "CRM", "scopes": ["leads:read"], **changes})


def test_a_key_is_shown_once_and_works(visit, owner, client):
    reader = visit(owner)
    page = make(reader)
    secret = re.search(r'data-copy="(flk_[^"]+)"', page.text)[1]
    assert page.headers["Cache-Control"] == "no-store"
    assert secret not in reader.get("/keys").text
    assert client.get("/api/v1/leads", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_a_second_click_makes_no_second_key(visit, owner):
    reader, key = visit(owner), str(uuid4())
    before = len(keys_of(owner))
    assert make(reader, key=key).status == 200
    again = reader.follow(make(reader, key=key))
    assert "made a moment ago" in again.words
    assert len(keys_of(owner)) == before + 1


@pytest.mark.parametrize("key", ["", "a\x00b", "k" * 65])
def test_a_form_whose_own_key_cannot_be_one_is_done_each_time_it_is_sent(visit, owner, key):
    reader, before = visit(owner), len(keys_of(owner))
    assert [make(reader, key=key).status for _time in range(2)] == [200, 200]
    assert len(keys_of(owner)) == before + 2


def test_a_key_has_a_name_and_no_more_scopes_than_its_maker(visit, owner):
    reader = visit(owner)
    assert make(reader, name=" ").status == 422
    empty = make(reader, scopes=[])
    assert empty.status == 422
    assert "Choose at least one scope." in empty.words
    strange = make(reader, scopes=["disputes:decide", "leads:read"])
    assert strange.status == 422
    assert re.search(r'<input[^>]*value="leads:read"[^>]* checked', strange.text)


def test_a_revoked_key_ends_at_once(visit, owner, client):
    reader = visit(owner)
    secret = re.search(r'data-copy="(flk_[^"]+)"', make(reader).text)[1]
    page = reader.follow(reader.post(f"/keys/{keys_of(owner)[0].id}/revocation"))
    assert "has ended" in page.words
    assert client.get("/api/v1/leads", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_keys_are_for_those_whose_role_makes_them(visit, owner):
    member = make_person("agency", role="member", org_id=owner.org_id)
    assert visit(member).get("/keys").status == 403
    assert make(visit(member)).status == 403
    assert visit(make_person("agency")).post(f"/keys/{keys_of(owner)[0].id}/revocation").status == 404


def test_nobody_makes_more_than_ten_keys_or_addresses_for_outcomes_within_an_hour(visit, owner, clock):
    reader, other = visit(owner), visit(make_person("agency"))
    assert {make(reader).status for _key in range(10)} == {200}
    refused = make(reader)
    assert (refused.status, 0 < int(refused.headers["Retry-After"]) <= 3600) == (429, True)
    assert make(other).status == 200
    clock.advance(hours=1)
    assert make(reader).status == 200


def test_a_person_has_at_most_20_keys_in_an_organisation(visit, owner):
    colleague = make_person("agency", role="manager", org_id=owner.org_id)
    with transaction():
        keys = [actions.create_api_key(owner.who, "CRM", ["leads:read"])[0] for _key in range(19)]
    refused = make(visit(owner))
    assert (refused.status, "You have 20 keys here." in refused.words) == (409, True)
    assert make(visit(colleague)).status == 200
    with transaction():
        actions.revoke_api_key(owner.who, keys[0].id)
    assert make(visit(owner)).status == 200
