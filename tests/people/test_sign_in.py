from contextlib import suppress

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from marketplace.kit.db import session, transaction
from marketplace.kit.errors import NotFound, TooMany
from marketplace.kit.limits import Tries, network_of
from marketplace.people import actions, passwords, queries
from marketplace.people.actions.rows import add_member
from marketplace.people.errors import NoOrganisation, WrongPassword
from marketplace.people.models import User
from tests.factories.people import came_in, signed_in

PASSWORD = "correct horse battery"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(make_who):
    make_who(email="dana@example.com")
    said = []
    for email, password in (("dana@example.com", "wrong"), ("nobody@example.com", PASSWORD)):
        with pytest.raises(WrongPassword) as refusal:
            signed_in(email, password)
        said.append((str(refusal.value), refusal.value.code, refusal.value.status))
    assert said[0] == said[1] == ("This address and this password do not go together.", "wrong_credentials", 401)


def test_an_old_weak_hash_is_made_anew_at_sign_in(make_who, products_hasher, monkeypatch):
    make_who(email="dana@example.com")
    monkeypatch.setattr(passwords, "_HASHER", products_hasher)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with transaction():
        session().execute(update(User).values(password_hash=weak))
    signed_in("dana@example.com", PASSWORD)
    kept = session().scalars(select(User.password_hash)).one()
    assert kept != weak
    assert "m=19456,t=2" in kept
    assert signed_in("dana@example.com", PASSWORD)


def test_the_same_password_typed_on_another_keyboard_is_right(make_org):
    org_id = make_org()
    with transaction():
        actions.create_user(
            email="dana@example.com", name="D", password="caf\u00e9 au lait 42", org_id=org_id, role="owner"
        )
    assert signed_in("dana@example.com", "cafe\u0301 au lait 42")


def test_tries_at_an_address_are_counted_by_network_even_when_they_fail(app, clock):
    for _try in range(10):
        with transaction():
            actions.throttle_sign_in("dana@example.com", "10.0.0.1")
    with pytest.raises(TooMany) as refusal, transaction():
        actions.throttle_sign_in("Dana@example.com", "10.0.0.1")
    assert 1 <= refusal.value.retry_after <= 60
    with transaction():
        actions.throttle_sign_in("another@example.com", "10.0.0.1")
        actions.throttle_sign_in("dana@example.com", "10.0.0.2")
    clock.advance(seconds=61)
    with transaction():
        actions.throttle_sign_in("dana@example.com", "10.0.0.1")


def test_tries_at_an_address_from_everywhere_end_for_strangers_only(make_who):
    who = make_who(email="dana@example.com")
    mark = queries.mark_of(who.user_id, who.epoch).value
    for number in range(10):
        for _try in range(10):
            with transaction():
                actions.throttle_sign_in("dana@example.com", f"10.0.0.{number}")
    for made_up in ("", "x.y.z", mark[:-1], queries.reset_token(who.user_id)):
        with pytest.raises(TooMany), transaction():
            actions.throttle_sign_in("dana@example.com", "10.0.1.1", made_up)
    with transaction():
        actions.throttle_sign_in("dana@example.com", "10.0.1.1", mark)


def test_one_network_alone_uses_up_no_address(app, clock):
    for _minute in range(3):
        for _try in range(60):
            with suppress(TooMany), transaction():
                actions.throttle_sign_in("dana@example.com", "10.0.0.1")
        clock.advance(minutes=1)
    counted = session().scalars(select(Tries.count).where(Tries.subject.like("sign_in:address:hour:%"))).one()
    assert counted == 30


def test_the_networks_of_one_line_use_up_no_address(app):
    for number in range(100):
        with suppress(TooMany), transaction():
            actions.throttle_sign_in("dana@example.com", network_of(f"2001:db8:0:70{number % 10}::1"))
    with transaction():
        actions.throttle_sign_in("dana@example.com", network_of("2001:db8:1::1"))


def test_tries_are_counted_by_network_alone(app):
    for number in range(60):
        with transaction():
            actions.throttle_sign_in(f"person{number}@example.com", "10.0.0.3")
    with pytest.raises(TooMany), transaction():
        actions.throttle_sign_in("one-more@example.com", "10.0.0.3")


def test_letters_to_one_address_are_limited(app):
    for _try in range(5):
        with transaction():
            actions.throttle_letters("reset", "dana@example.com", "10.0.0.1")
    with pytest.raises(TooMany), transaction():
        actions.throttle_letters("reset", "dana@example.com", "10.0.0.1")


def test_a_session_is_somebody_until_the_epoch_grows(make_who):
    who = came_in(make_who())
    assert queries.session_of(who.sign_in_id, who.epoch, who.org_id).who == who
    assert queries.session_of(who.sign_in_id, who.epoch + 1, who.org_id) is None


def test_a_person_switches_between_own_organisations_only(make_who, make_org):
    who = came_in(make_who(kind="buyer"))
    other, strange = make_org("agency", "Second Firm"), make_org("agency")
    with transaction():
        add_member(who.user_id, other, "finance", who)
    switched = actions.switch(who, other)
    assert (switched.org_id, switched.org_kind, switched.role) == (other, "agency", "finance")
    assert [place.org_id for place in queries.organisations_of(switched)] == [who.org_id, other]
    assert queries.session_of(who.sign_in_id, 0, other).who == switched
    with pytest.raises(NotFound):
        actions.switch(who, strange)
    assert queries.session_of(who.sign_in_id, 0, strange) is None


def test_somebody_without_any_organisation_cannot_come_in(make_who):
    owner = make_who()
    member = make_who(email="member@example.com", role="member", org_id=owner.org_id)
    with transaction():
        actions.remove(owner, member.user_id)
    with pytest.raises(NoOrganisation):
        signed_in("member@example.com", PASSWORD)
