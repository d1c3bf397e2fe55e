import pytest
from sqlalchemy import event, select

from marketplace.kit.db import db as database
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Forbidden, Invalid, NotFound
from marketplace.people import actions, queries
from marketplace.people.errors import EmailNotConfirmed, UnknownKey
from marketplace.people.models import ApiKey
from marketplace.people.rules import Power
from marketplace.people.who import MissingScope


def test_a_key_is_shown_once_and_kept_as_a_hash(make_who):
    who = make_who(kind="agency")
    with transaction():
        key, secret = actions.create_api_key(who, "CRM", ["leads:write", "leads:read"])
    assert secret.startswith("flk_")
    assert len(secret) > 40
    assert secret.startswith(key.hint)
    row = session().scalars(select(ApiKey)).one()
    assert secret not in str(vars(row))
    assert row.scopes == ["leads:read", "leads:write"]


def test_a_key_acts_for_its_organisation_within_its_scopes(make_who):
    who = make_who(kind="agency")
    with transaction():
        _key, secret = actions.create_api_key(who, "CRM", ["leads:read"])
    by_key = queries.who_of_key(secret)
    assert (by_key.user_id, by_key.org_id, by_key.via) == (who.user_id, who.org_id, "api")
    assert by_key.powers == {Power.LEADS_READ}
    with pytest.raises(MissingScope):
        by_key.need(Power.LEADS_WRITE)


def test_the_hot_path_of_the_api_is_one_query(make_who):
    who = make_who()
    with transaction():
        _key, secret = actions.create_api_key(who, "CRM", ["orders:read"])
    asked, through_a_session = [], []

    def lent(connection, *_rest):
        asked.append(connection)

    def count(_connection, _cursor, statement, *_rest):
        through_a_session.append(statement)

    event.listen(database.engine, "checkout", lent)
    event.listen(database.engine, "before_cursor_execute", count)
    try:
        queries.who_of_key(secret)
    finally:
        event.remove(database.engine, "checkout", lent)
        event.remove(database.engine, "before_cursor_execute", count)
    assert (len(asked), through_a_session) == (1, [])


def test_a_key_never_gives_more_than_its_makers_role_gives_today(make_who):
    owner = make_who()
    manager = make_who(role="manager", org_id=owner.org_id)
    with transaction():
        _key, secret = actions.create_api_key(manager, "CRM", ["wallet:write", "wallet:read"])
    with transaction():
        actions.change_role(owner, manager.user_id, "member")
    assert queries.who_of_key(secret).powers == {Power.WALLET_READ}


def test_scopes_that_the_maker_does_not_have_are_refused(make_who):
    buyer = make_who(kind="buyer")
    for scopes in (["orders:read", "disputes:decide"], ["everything"], []):
        with pytest.raises(Invalid) as refusal, transaction():
            actions.create_api_key(buyer, "CRM", scopes)
        assert list(refusal.value.fields) == ["scopes"]


def test_a_key_cannot_make_a_stronger_key(make_who):
    who = make_who()
    with transaction():
        _key, secret = actions.create_api_key(who, "CRM", ["keys:write"])
    with pytest.raises(Invalid), transaction():
        actions.create_api_key(queries.who_of_key(secret), "more", ["wallet:write"])


def test_a_revoked_key_is_nobody_at_once_and_revoking_twice_is_fine(make_who):
    who = make_who()
    with transaction():
        key, secret = actions.create_api_key(who, "CRM", ["orders:read"])
    for _time in range(2):
        with transaction():
            assert actions.revoke_api_key(who, key.id).revoked_at
    for wrong in (secret, secret[:-1], "", "flk_", "\ud800"):
        with pytest.raises(UnknownKey):
            queries.who_of_key(wrong)


def test_keys_of_another_organisation_do_not_exist(make_who):
    who, stranger = make_who(), make_who()
    with transaction():
        key, _secret = actions.create_api_key(who, "CRM", ["orders:read"])
    with pytest.raises(NotFound), transaction():
        actions.revoke_api_key(stranger, key.id)
    assert queries.api_keys_for(stranger) == []
    assert [each.id for each in queries.api_keys_for(who)] == [key.id]


def test_keys_need_the_role_and_a_confirmed_address(make_who, sign_up):
    member = make_who(role="member")
    with pytest.raises(Forbidden), transaction():
        actions.create_api_key(member, "CRM", ["orders:read"])
    sign_up()
    with pytest.raises(EmailNotConfirmed), transaction():
        actions.create_api_key(queries.who_of_address("dana@brightside.example"), "CRM", ["orders:read"])
