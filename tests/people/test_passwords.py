import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from marketplace import events
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Invalid, NotFound, Unauthorized
from marketplace.people import actions, passwords, queries
from marketplace.people.errors import TokenExpired, TokenUsed, WeakPassword, WrongPassword
from marketplace.people.models import User
from marketplace.people.schemas import Joining
from tests.factories.people import came_in, signed_in

OLD, NEW = "correct horse battery", "a quite different phrase"


@pytest.fixture
def reset_while_looking(app, monkeypatch):
    """The next look at this person's password takes so long that they have set a new one by a letter meanwhile."""

    def set_up(who):
        looked = passwords.is_right

        def is_right(kept, password):
            monkeypatch.setattr(passwords, "is_right", looked)
            with app.app_context(), transaction():
                actions.reset_password(queries.reset_token(who.user_id), NEW)
            return looked(kept, password)

        monkeypatch.setattr(passwords, "is_right", is_right)

    return set_up


def test_a_reset_works_once_and_ends_every_session(make_who):
    who = came_in(make_who(email="dana@example.com"))
    with transaction():
        actions.start_password_reset("dana@example.com")
    token = queries.reset_token(who.user_id)
    with transaction():
        actions.reset_password(token, NEW)
    assert queries.sign_ins_for(who) == []
    assert signed_in("dana@example.com", NEW).user_id == who.user_id
    with pytest.raises(WrongPassword):
        signed_in("dana@example.com", OLD)
    with pytest.raises(TokenUsed), transaction():
        actions.reset_password(token, "yet another phrase")
    assert len(events.history(who.user_id, "user.password_changed")) == 1


def test_a_reset_for_an_unknown_address_says_and_does_nothing(app):
    with transaction():
        assert actions.start_password_reset("nobody@example.com") is None


def test_a_reset_lives_two_hours(make_who, clock):
    who = make_who()
    token = queries.reset_token(who.user_id)
    clock.advance(hours=2, seconds=5)
    with pytest.raises(TokenExpired):
        actions.reset_password(token, NEW)


def test_a_weak_new_password_leaves_the_token_usable(make_who):
    who = make_who(email="dana@example.com")
    token = queries.reset_token(who.user_id)
    with pytest.raises(WeakPassword), transaction():
        actions.reset_password(token, "short")
    with transaction():
        actions.reset_password(token, NEW)
    assert signed_in("dana@example.com", NEW)


def test_whoever_resets_has_read_the_letter_so_the_address_is_confirmed(sign_up):
    sign_up()
    who = signed_in("dana@brightside.example", OLD)
    assert not who.is_confirmed
    with transaction():
        actions.reset_password(queries.reset_token(who.user_id), NEW)
    assert signed_in("dana@brightside.example", NEW).is_confirmed


def test_changing_the_password_needs_the_old_one_and_ends_older_sessions(make_who):
    who = came_in(make_who(email="dana@example.com"))
    with pytest.raises(Invalid) as refusal, transaction():
        actions.change_password(who, "not this", NEW)
    assert list(refusal.value.fields) == ["current"]
    letter = queries.reset_token(who.user_id)
    with transaction():
        anew = actions.change_password(who, OLD, NEW)
    assert queries.session_of(anew.sign_in_id, anew.epoch, anew.org_id).who == anew
    assert queries.session_of(who.sign_in_id, who.epoch, who.org_id) is None
    with pytest.raises(TokenUsed), transaction():
        actions.reset_password(letter, "yet another phrase")


def test_the_old_password_opens_nothing_once_there_is_a_new_one(make_who, reset_while_looking):
    who = make_who(email="dana@example.com")
    with transaction():
        weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(OLD)
        session().execute(update(User).values(password_hash=weak))
    reset_while_looking(who)
    with pytest.raises(WrongPassword):
        signed_in("dana@example.com", OLD)
    assert signed_in("dana@example.com", NEW).user_id == who.user_id


def test_the_old_password_joins_nothing_once_there_is_a_new_one(make_who, reset_while_looking):
    who, owner = make_who(email="dana@example.com"), make_who("agency")
    with transaction():
        asked = actions.invite(owner, "dana@example.com", "member")
    token = queries.invited(asked.id).token
    reset_while_looking(who)
    with pytest.raises(WrongPassword), transaction():
        actions.join(token, Joining(name="", password=OLD))


def test_who_was_known_by_the_old_password_goes_nowhere_with_it(make_who):
    known, owner = make_who(email="dana@example.com"), make_who("agency")
    with transaction():
        asked = actions.invite(owner, "dana@example.com", "member")
    with transaction():
        actions.reset_password(queries.reset_token(known.user_id), NEW)
    with pytest.raises(Unauthorized), transaction():
        actions.join_as(known, queries.invited(asked.id).token)
    with pytest.raises(NotFound), transaction():
        actions.switch(known, known.org_id)
