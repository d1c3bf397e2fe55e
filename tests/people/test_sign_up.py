import pytest
from marshmallow import ValidationError
from sqlalchemy import func, select

from marketplace import events
from marketplace.kit.db import session, transaction
from marketplace.people import actions, queries, terms
from marketplace.people.errors import OldTerms, TokenExpired, TokenInvalid, WeakPassword
from marketplace.people.models import Organisation, User
from marketplace.people.schemas import SignUpForm
from tests.factories.people import signed_in

PASSWORD = "correct horse battery"


def test_signing_up_makes_an_owner_of_a_new_unverified_organisation(sign_up):
    sign_up(kind="agency", email=" Dana@Brightside.example ")
    who = signed_in("dana@brightside.example", PASSWORD)
    assert (who.org_kind, who.role, who.is_confirmed, who.is_verified) == ("agency", "owner", False, False)
    assert (who.org_name, who.user_name) == ("Brightside Solar LLC", "Dana Ortiz")
    assert queries.has_accepted(who.org_id)
    names = [event.name for event in events.history(who.user_id)]
    assert names[0] == "user.signed_up"
    assert events.history(who.user_id)[0].actor_id == who.user_id


def test_a_known_address_gets_the_same_answer_and_only_its_owner_is_told(sign_up):
    sign_up()
    assert sign_up(organisation="Another", password="another long word") is None
    who = signed_in("dana@brightside.example", PASSWORD)
    assert session().scalars(select(func.count()).select_from(Organisation)).one() == 1
    assert [event.name for event in events.history(who.user_id, "user.signed_up", "user.address_known")] == [
        "user.signed_up",
        "user.address_known",
    ]


def test_events_of_signing_up_hold_no_contact_detail(sign_up):
    sign_up()
    rows = session().scalars(select(events.Event)).all()
    assert rows
    assert not [row.name for row in rows if "brightside" in str(row.data).lower() or "Dana" in str(row.data)]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("solar2026", "Too short"),
        ("dana@brightside.example", "your address"),
        ("Password-1234", "anybody would try"),
        ("aaaaaaaaaaaaaaa", "anybody would try"),
        ("123456789012", "anybody would try"),
        ("qwertyuiopas", "anybody would try"),
        ("demo-demo-demo", None),
    ],
)
def test_weak_passwords_are_refused_with_a_reason_at_the_field(sign_up, password, reason):
    if reason is None:
        sign_up(password=password)
        assert signed_in("dana@brightside.example", password)
        return
    with pytest.raises(WeakPassword) as refusal:
        sign_up(password=password)
    assert reason in str(refusal.value.fields["password"])
    assert session().scalars(select(User)).first() is None


def test_terms_of_another_version_are_refused(sign_up):
    with pytest.raises(OldTerms):
        sign_up(terms="0")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "staff"),
        ("organisation", "  "),
        ("organisation", "x" * 201),
        ("country", "ZZ"),
        ("country", "EU"),
        ("name", "\x00"),
        ("email", "dana@"),
        ("email", "dana@localhost"),
        ("password", ""),
        ("password", "a lone surrogate \ud800"),
        ("accept", ""),
    ],
)
def test_a_bad_field_is_named(app, field, value):
    form = {
        "kind": "buyer",
        "organisation": "Brightside",
        "country": "US",
        "name": "Dana",
        "email": "dana@brightside.example",
        "password": PASSWORD,
        "accept": "on",
        **terms.current(),
    }
    with pytest.raises(ValidationError) as error:
        SignUpForm().load({**form, field: value})
    assert list(error.value.messages) == [field]


def test_the_link_of_the_letter_confirms_the_address_and_a_second_click_changes_nothing(sign_up):
    sign_up()
    who = signed_in("dana@brightside.example", PASSWORD)
    token = queries.confirmation_token(who.user_id)
    for _click in range(2):
        with transaction():
            assert actions.confirm_email(token).email_confirmed_at
    assert len(events.history(who.user_id, "user.confirmed")) == 1
    assert signed_in("dana@brightside.example", PASSWORD).is_confirmed


def test_a_confirmation_lives_three_days(sign_up, clock):
    sign_up()
    token = queries.confirmation_token(queries.who_of_address("dana@brightside.example").user_id)
    clock.advance(days=3, minutes=1)
    with pytest.raises(TokenExpired):
        actions.confirm_email(token)


def test_tokens_of_another_purpose_or_changed_ones_are_refused(sign_up):
    sign_up()
    user_id = queries.who_of_address("dana@brightside.example").user_id
    token = queries.confirmation_token(user_id)
    for wrong in (queries.reset_token(user_id), token[:-2], "", "x.y.z", "\ud800"):
        with pytest.raises(TokenInvalid):
            actions.confirm_email(wrong)


def test_the_token_shows_no_address(sign_up):
    sign_up()
    token = queries.confirmation_token(queries.who_of_address("dana@brightside.example").user_id)
    assert "brightside" not in token
    assert "ZGFuYU" not in token


def test_the_confirmation_can_be_sent_again_until_it_is_given(sign_up):
    sign_up()
    who = queries.who_of_address("dana@brightside.example")
    with transaction():
        actions.send_confirmation_again("dana@brightside.example")
        actions.send_confirmation_again("nobody@example.com")
    with transaction():
        actions.confirm_email(queries.confirmation_token(who.user_id))
    with transaction():
        actions.send_confirmation_again("dana@brightside.example")
    assert len(events.history(who.user_id, "user.confirmation_wanted")) == 1
