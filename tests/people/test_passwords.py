import pytest

from marketplace import events
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid
from marketplace.people import actions, queries
from marketplace.people.errors import TokenExpired, TokenUsed, WeakPassword, WrongPassword
from tests.factories.people import signed_in

OLD, NEW = "correct horse battery", "a quite different phrase"


def test_a_reset_works_once_and_ends_every_session(make_who):
    who = make_who(email="dana@example.com")
    with transaction():
        actions.start_password_reset("dana@example.com")
    token, epoch = queries.reset_token(who.user_id), queries.epoch_of(who)
    with transaction():
        actions.reset_password(token, NEW)
    assert queries.who_of_session(who.user_id, epoch) is None
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
    who = make_who(email="dana@example.com")
    with pytest.raises(Invalid) as refusal, transaction():
        actions.change_password(who, "not this", NEW)
    assert list(refusal.value.fields) == ["current"]
    letter = queries.reset_token(who.user_id)
    with transaction():
        epoch = actions.change_password(who, OLD, NEW)
    assert queries.who_of_session(who.user_id, epoch) == who
    assert queries.who_of_session(who.user_id, epoch - 1) is None
    with pytest.raises(TokenUsed), transaction():
        actions.reset_password(letter, "yet another phrase")
