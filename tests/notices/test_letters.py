import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from marketplace import notices
from marketplace.kit.crypto import Unreadable
from marketplace.kit.db import session, transaction
from marketplace.notices import Letter, jobs
from marketplace.notices.models import open_part
from marketplace.people import actions, queries
from marketplace.people.schemas import SignUp
from marketplace.people.terms import current


def link_in(letter, path):
    """The token of the link to this page, which must stand in both versions."""
    address = re.search(rf"http://\S+{path}\?token=\S+", letter.text).group()
    assert f'href="{address}"' in letter.html
    return parse_qs(urlsplit(address).query)["token"][0]


@pytest.fixture
def newcomer(app):
    form = SignUp("buyer", "Brightside", "US", "Lee", "lee@example.com", "correct horse battery", current())
    with transaction():
        actions.sign_up(form)
        return queries.who_of_address("lee@example.com", via="page")


def test_a_newcomer_confirms_by_the_link_of_the_letter(newcomer, post, mail):
    jobs.confirm_address(subject_id=str(newcomer.user_id))
    post()
    (letter,) = mail.letters
    assert (letter.to, letter.subject) == ("lee@example.com", "Confirm your e-mail address")
    assert "3 days" in letter.text
    with transaction():
        actions.confirm_email(link_in(letter, "/confirm"))
    assert queries.who_of_member(newcomer.user_id, newcomer.org_id, "page").is_confirmed


def test_the_owner_of_a_known_address_is_told_without_a_token(newcomer, post, mail):
    form = SignUp("buyer", "Other", "US", "X", "lee@example.com", "another long phrase", current())
    with transaction():
        actions.sign_up(form)
    jobs.address_known(subject_id=str(newcomer.user_id))
    post()
    (letter,) = mail.letters
    assert letter.subject == "You already have an account"
    assert "token" not in letter.text + letter.html
    assert "/forgot" in letter.text


def test_a_forgotten_password_is_set_by_the_link_of_the_letter(owner, post, mail):
    with transaction():
        actions.start_password_reset("dana@example.com")
    jobs.password_reset(subject_id=str(owner.user_id))
    post()
    assert "2 hours" in mail.letters[0].text
    with transaction():
        actions.reset_password(link_in(mail.letters[0], "/reset"), "a quite different phrase")
    jobs.password_changed(subject_id=str(owner.user_id))
    post()
    assert mail.letters[1].subject == "Your password was changed"


def test_an_invitation_names_who_where_and_as_what(owner, post, mail):
    with transaction():
        row = actions.invite(owner, "kim@example.com", "finance")
    jobs.invitation(subject_id=str(row.id))
    post()
    (letter,) = mail.letters
    assert (letter.to, letter.subject) == ("kim@example.com", "Join Bright & <b>Solar</b> on Fairlead")
    assert "Dana invites you to work in the account of Bright & <b>Solar</b>." in letter.text
    assert "Your role: Finance" in letter.text
    assert "Bright &amp; &lt;b&gt;Solar&lt;/b&gt;" in letter.html
    assert "<b>Solar" not in letter.html
    assert queries.invitation_of(link_in(letter, "/join")).invitation.id == row.id


def test_a_withdrawn_invitation_sends_nothing(owner, post, mail):
    with transaction():
        row = actions.invite(owner, "kim@example.com", "finance")
    with transaction():
        actions.withdraw_invitation(owner, row.id)
    jobs.invitation(subject_id=str(row.id))
    assert post() == 0


@pytest.mark.parametrize(("kind", "words"), [("agency", "can be paid out"), ("buyer", "daily limits")])
def test_owners_are_told_that_their_organisation_is_verified(app, post, mail, kind, words):
    people = {}
    with transaction():
        for side, role, email in (
            ("staff", "member", "staff@example.com"),
            (kind, "owner", "owner@example.com"),
            (kind, "member", "member@example.com"),
        ):
            org_id = people[kind].org_id if role == "member" and side == kind else None
            org_id = org_id or actions.open_organisation(side, "Brightside", "US").id
            actions.create_user(email=email, name="X", password="correct horse battery", org_id=org_id, role=role)
            people.setdefault(side, queries.who_of_address(email))
        actions.verify_organisation(people["staff"], people[kind].org_id)
    jobs.organisation_verified(subject_id=str(people[kind].org_id))
    post()
    assert [(letter.to, letter.subject) for letter in mail.letters] == [("owner@example.com", "Brightside is verified")]
    assert words in mail.letters[0].text
    assert words in mail.letters[0].html


def test_a_job_that_runs_twice_writes_one_letter_and_a_new_event_another(newcomer):
    for _time in range(2):
        jobs.confirm_address(subject_id=str(newcomer.user_id))
    assert session().scalars(select(func.count()).select_from(Letter)).one() == 1
    with transaction():
        actions.send_confirmation_again("lee@example.com")
    jobs.confirm_address(subject_id=str(newcomer.user_id))
    assert session().scalars(select(func.count()).select_from(Letter)).one() == 2


def test_the_row_and_the_queue_show_neither_address_nor_words(newcomer):
    jobs.confirm_address(subject_id=str(newcomer.user_id))
    letter = session().scalars(select(Letter)).one()
    shown = str({name: value for name, value in vars(letter).items() if not name.startswith("_")})
    queued = str(session().connection().exec_driver_sql("SELECT args::text FROM procrastinate_jobs").all())
    for secret in ("lee@example.com", "token="):
        assert secret not in shown
        assert secret not in queued
    assert open_part(letter.id, "to_address", letter.to_address) == "lee@example.com"
    with pytest.raises(Unreadable):
        open_part(newcomer.user_id, "to_address", letter.to_address)


def test_a_letter_that_is_rolled_back_is_not_queued(owner):
    def write_and_fail():
        with transaction():
            notices.write("address_known", queries.addressee(owner.user_id), owner.user_id)
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        write_and_fail()
    assert session().scalars(select(Letter)).all() == []
    assert session().connection().exec_driver_sql("SELECT count(*) FROM procrastinate_jobs").scalar() == 0


def test_old_letters_are_dropped(owner, clock):
    with transaction():
        notices.write("address_known", queries.addressee(owner.user_id), owner.user_id)
    clock.advance(days=29)
    jobs.forget_old()
    assert len(session().scalars(select(Letter.id)).all()) == 1
    clock.advance(days=2)
    jobs.forget_old()
    assert session().scalars(select(Letter.id)).all() == []
