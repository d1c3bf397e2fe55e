"""The head of the chain, as staff are told of it."""

from sqlalchemy import text

from marketplace.kit.db import session, transaction
from marketplace.ledger import blocks, jobs
from tests.factories.chain import seal_all, write
from tests.factories.people import make_person


def test_every_member_of_staff_gets_the_head_once_a_day(app, clock, mail, run_jobs):
    first = make_person("staff")
    people = [first, make_person("staff", role="finance", org_id=first.org_id)]
    make_person("buyer", is_verified=False)
    write("a")
    seal_all()
    for _time in range(2):
        jobs.announce_head()
        run_jobs()
    assert sorted(letter.to for letter in mail.letters) == sorted(person.email for person in people)
    head = blocks.head()
    for letter in mail.letters:
        assert letter.subject == "The books are sealed up to block 1"
        for words in (letter.text, letter.html):
            assert head.hash.hex() in words
            assert "/proof" in words
    clock.advance(days=1)
    jobs.announce_head()
    run_jobs()
    assert len(mail.letters) == 2
    write("b")
    seal_all()
    jobs.announce_head()
    run_jobs()
    assert [letter.subject for letter in mail.letters[2:]] == ["The books are sealed up to block 2"] * 2
    assert all(head.hash.hex() in letter.text for letter in mail.letters[2:]), "the block before it is told too"


def test_who_has_not_confirmed_the_address_is_not_written_to(app, mail, run_jobs):
    person = make_person("staff")
    with transaction():
        session().execute(text("UPDATE users SET email_confirmed_at = NULL"))
    write("a")
    seal_all()
    jobs.announce_head()
    run_jobs()
    assert person.email not in [letter.to for letter in mail.letters]
