"""The books are checked without being asked; what is found is kept, and told to staff once."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.insights import INVARIANTS, jobs, last_run, last_runs, nightly, run_counts
from marketplace.kit.db import session, transaction
from marketplace.kit.invariants import Finding
from marketplace.ledger import blocks
from tests.factories.chain import seal_all, tamper, write
from tests.factories.people import make_person

BREAK = "UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'wallet_cash'"
MEND = "UPDATE ledger_accounts SET balance = balance - 1 WHERE kind = 'wallet_cash'"


@pytest.fixture
def staff(app):
    """Two members of one organisation of staff, one of another; and somebody who is none."""
    first = make_person("staff")
    people = [first, make_person("staff", role="member", org_id=first.org_id), make_person("staff")]
    make_person("agency", is_verified=False)
    return sorted(person.email for person in people)


@pytest.fixture
def told(mail, run_jobs):
    """Who was written to about broken rules, so far."""

    def told():
        run_jobs()
        return [letter for letter in mail.letters if "of the books" in letter.subject]

    return told


def breaches():
    return [sorted(run.broken_codes) for run in last_runs(10)]


def test_a_night_seals_what_waits_and_keeps_what_it_found(app, clock):
    write("a", "b")
    jobs.check_books()
    run = last_run()
    assert (run.holds, run.broken, run.night) == (True, [], clock.now().date())
    assert run.rules == [each.code for each in INVARIANTS]
    assert (run.head_number, run.head_hash) == (1, blocks.head().hash)
    assert blocks.waiting().count == 0


def test_a_night_is_checked_once_however_often_it_is_asked(app, clock, staff, told):
    write("a")
    tamper(BREAK)
    for _time in range(2):
        jobs.check_books()
        assert (run_counts()[:2], len(told())) == ((1, 1), 3)
    clock.advance(days=1)
    jobs.check_books()
    assert (run_counts()[:2], len(told())) == ((2, 2), 6)


def test_asked_again_in_the_same_night_it_does_nothing(app):
    jobs.check_books()
    write("a")
    jobs.check_books()
    assert (run_counts()[0], blocks.waiting().count) == (1, 1)


def test_two_workers_that_check_the_same_night_keep_one_result_and_tell_it_once(app, clock, staff, told):
    found = [Finding("I3", "Every stored balance is the sum of its postings", [{"id": "7"}])]
    for _worker in range(2):
        with transaction():
            nightly._keep(clock.now().date(), clock.now(), 5, found, None)
    assert (breaches(), len(told())) == ([["I3"]], 3)


def test_every_member_of_staff_is_told_which_rule_is_broken(app, staff, told):
    write("a")
    tamper(BREAK)
    jobs.check_books()
    assert sorted(letter.to for letter in told()) == staff
    for letter in told():
        assert letter.subject == "1 rule of the books is broken"
        for words in (letter.text, letter.html):
            assert "Every stored balance is the sum of its postings: 1 row breaks it" in words
            assert "/admin/money" in words


def test_nobody_is_written_to_while_all_holds(app, staff, told):
    write("a")
    jobs.check_books()
    jobs.watch_books()
    assert (breaches(), told()) == ([[]], [])


def test_an_hour_looks_at_the_newest_blocks_only(app, clock):
    write("a")
    jobs.watch_books()
    assert breaches() == [[]]
    write("b")
    seal_all()
    jobs.watch_books()
    assert breaches() == [[]]
    tamper("UPDATE ledger_entries SET actor_id = gen_random_uuid() WHERE key = 'adjustment:a'")
    jobs.watch_books()
    assert breaches() == [[]]
    tamper("UPDATE ledger_entries SET actor_id = gen_random_uuid() WHERE key = 'adjustment:b'")
    jobs.watch_books()
    assert breaches() == [["I5"], []]
    ((finding,),) = ([each["rows"] for each in last_run().broken],)
    assert {row["found"] for row in finding} == {"entry_differs"}
    assert {row["block"] for row in finding} == {"1", "2"}


def test_what_is_broken_is_checked_again_each_hour_and_told_once_until_the_night(app, clock, staff, told):
    write("a")
    jobs.check_books()
    tamper(BREAK)
    clock.advance(days=1)
    jobs.check_books()
    jobs.watch_books()
    assert (breaches(), len(told())) == ([["I3"], ["I3"], []], 3)
    tamper(MEND)
    jobs.watch_books()
    assert breaches()[0] == []
    jobs.watch_books()
    assert len(breaches()) == 4
    tamper("DELETE FROM ledger_unsealed", "DELETE FROM ledger_blocks")
    jobs.watch_books()
    assert len(breaches()) == 4
    clock.advance(days=1)
    jobs.check_books()
    assert (breaches()[0], len(told())) == (["I5"], 6)


@pytest.mark.parametrize(
    "statement", ["UPDATE check_runs SET broken = '[]'", "DELETE FROM check_runs", "TRUNCATE check_runs"]
)
def test_nobody_rewrites_what_was_found(app, statement):
    write("a")
    jobs.check_books()
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        session().execute(text(statement))
