import pytest
from sqlalchemy import select

from marketplace import notices
from marketplace.kit.db import session, transaction
from marketplace.kit.mail import Bounced, Smtp, Undelivered
from marketplace.leads.models import Bounce
from marketplace.notices import Letter
from marketplace.people import queries


@pytest.fixture
def letter_id(owner):
    """A written letter: -> its id as the job gets it."""
    with transaction():
        notices.write("address_known", queries.addressee(owner.user_id), owner.user_id)
        return str(session().scalars(select(Letter.id)).one())


def row():
    session().rollback()
    session().expire_all()
    return session().scalars(select(Letter)).one()


def test_a_letter_is_sent_once_however_often_the_job_runs(letter_id, mail):
    for _time in range(3):
        notices.send(letter_id=letter_id)
    (letter,) = mail.letters
    assert letter.key == letter_id
    assert (row().state, row().tries) == ("sent", 1)
    assert row().sent_at


def test_a_refused_letter_is_tried_again(letter_id, broken):
    transport = broken(2)
    for _time in range(2):
        with pytest.raises(Undelivered):
            notices.send(letter_id=letter_id)
        assert row().state == "queued"
    notices.send(letter_id=letter_id)
    assert (row().state, row().tries) == ("sent", 3)
    assert [letter.key for letter in transport.letters] == [letter_id]


def test_a_letter_refused_eight_times_has_failed_and_stays_so(letter_id, broken):
    transport = broken(8)
    for _time in range(7):
        with pytest.raises(Undelivered):
            notices.send(letter_id=letter_id)
    notices.send(letter_id=letter_id)
    assert (row().state, row().tries) == ("failed", 8)
    notices.send(letter_id=letter_id)
    assert transport.letters == []


def test_an_address_that_is_gone_is_remembered_and_not_written_down(letter_id, use_transport):
    use_transport(Gone())
    notices.send(letter_id=letter_id)
    assert (row().state, row().tries) == ("failed", 1)
    (bounce,) = session().scalars(select(Bounce))
    assert len(bounce.digest) == 32


class Gone:
    def send(self, letter):
        raise Bounced(letter.key)


def test_a_letter_that_cannot_be_written_has_failed_at_once(letter_id, use_transport):
    use_transport(Smtp("smtp://127.0.0.1:1", "no address"))
    notices.send(letter_id=letter_id)
    assert (row().state, row().tries) == ("failed", 1)


def test_a_letter_that_is_gone_is_no_error(app, mail, owner):
    notices.send(letter_id=str(owner.user_id))
    assert mail.letters == []


def test_the_demo_keeps_letters_to_be_read_newest_first(letter_id, kept, owner):
    with transaction():
        notices.write("address_known", queries.addressee(owner.user_id), owner.org_id)
    notices.send(letter_id=letter_id)
    newest, oldest = notices.outbox()
    assert str(oldest.id) == letter_id
    assert newest.at >= oldest.at
    assert (oldest.to, oldest.sender) == ("dana@example.com", "Fairlead <hello@fairlead.test>")
    assert oldest.subject == "You already have an account"
    assert "http://127.0.0.1/forgot" in oldest.text
    assert oldest.html.startswith("<!DOCTYPE html>")
    assert len(notices.outbox("dana@example.com")) == 2
    assert notices.outbox("nobody@example.com") == []


def test_where_letters_leave_nobody_opens_them(letter_id, mail):
    with pytest.raises(RuntimeError, match="demo only"):
        notices.outbox()
