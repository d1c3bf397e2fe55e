"""Where somebody is signed in: each browser is a line on the account page, and ends for good."""

import re

import psycopg
import pytest
from sqlalchemy import select, text

from marketplace import events
from marketplace.kit.db import db, session, transaction
from marketplace.people import actions, queries
from marketplace.people.jobs import forget_sign_ins
from marketplace.people.models import SignIn
from tests.factories.people import PASSWORD, make_person

NEW = "another fine password"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1"


@pytest.fixture
def browse(visit):
    """Somebody who signs in with a browser that calls itself so."""

    def browse(person, user_agent=WINDOWS):
        reader = visit()
        assert reader.sign_in(person, headers={"User-Agent": user_agent}).status == 303
        return reader

    return browse


@pytest.fixture
def copied(visit):
    """Another browser with a copy of the cookie of this one."""

    def copy(reader):
        thief = visit()
        thief.client.set_cookie("fairlead", reader.client.get_cookie("fairlead").value)
        return thief

    return copy


def lines(reader):
    """What the section of the account page says, a line a browser."""
    section = re.search(r'id="sign-ins".*?<tbody>(.*?)</tbody>', reader.get("/account").text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", section[1], re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


def ends(reader):
    """Where the buttons of the page lead that sign another browser out."""
    return re.findall(r'action="(/account/sign-ins/[^"]+/end)"', reader.get("/account").text)


def is_in(reader):
    return reader.get("/account").status == 200


def sign_ins():
    session().rollback()
    return session().scalars(select(SignIn).order_by(SignIn.id)).all()


def test_a_copied_cookie_is_refused_after_the_person_has_signed_out(visit, copied):
    reader = visit(make_person())
    thief = copied(reader)
    assert is_in(thief)
    reader.post("/sign-out")
    assert (is_in(reader), is_in(thief)) == (False, False)
    thief.post("/sign-out")
    assert len(sign_ins()) == 1


def test_the_page_lists_ones_own_browsers_this_one_first_then_the_one_seen_last(browse, clock):
    buyer = make_person()
    browse(make_person(), PHONE)
    here, phone = browse(buyer), browse(buyer, PHONE)
    clock.advance(hours=3)
    browse(buyer, "curl/8.5.0")
    phone.get("/account")
    clock.advance(hours=2)
    browse(buyer)
    first, *others = lines(here)
    assert first.startswith("Firefox on Windows since")
    assert first.endswith("this browser")
    assert [re.sub(r"since .* seen", "", each) for each in others] == [
        "Firefox on Windows  in the last hour Sign out",
        "Safari on iPhone  2 h Sign out",
        "Unknown browser  2 h Sign out",
    ]


def test_another_browser_is_signed_out_once_and_nobody_elses(browse, copied):
    buyer, stranger = make_person(), make_person()
    here, there, elsewhere = browse(buyer), browse(buyer, PHONE), browse(stranger)
    thief = copied(there)
    (end,) = ends(here)
    assert elsewhere.post(end).status == 404
    assert here.post("/account/sign-ins/01900000-0000-7000-8000-000000000000/end").status == 404
    assert is_in(there)
    assert "That browser is signed out." in here.follow(here.post(end)).words
    assert [is_in(each) for each in (here, there, thief, elsewhere)] == [True, False, False, True]
    assert here.post(end).status == 303
    assert len(lines(here)) == 1
    (event,) = events.history(buyer.who.user_id, "user.signed_out_elsewhere")
    assert event.data == {"sign_ins": [end.split("/")[3]]}
    assert event.actor_id == buyer.who.user_id


def test_all_other_browsers_are_signed_out_at_once(browse):
    buyer = make_person()
    here, others, stranger = browse(buyer), [browse(buyer, PHONE)], browse(make_person())
    assert "Sign out everywhere else" not in here.get("/account").words
    others.append(browse(buyer, PHONE))
    assert "Sign out everywhere else" in here.get("/account").words
    for _click in range(2):
        assert here.post("/account/sign-ins/end").status == 303
    assert [is_in(each) for each in (here, *others, stranger)] == [True, False, False, True]
    (event,) = events.history(buyer.who.user_id, "user.signed_out_elsewhere")
    assert len(event.data["sign_ins"]) == 2


def test_a_new_password_ends_the_others_and_this_one_stays(browse, copied):
    buyer = make_person()
    here, there = browse(buyer), browse(buyer, PHONE)
    thief = copied(here)
    assert here.post("/account/password", current=PASSWORD, password=NEW).status == 303
    assert [is_in(each) for each in (here, there, thief)] == [True, False, False]
    (line,) = lines(here)
    assert line.endswith("this browser")


def test_a_forgotten_password_ends_all_of_them(browse):
    buyer = make_person()
    reader, there = browse(buyer), browse(buyer, PHONE)
    assert reader.post("/reset", token=queries.reset_token(buyer.who.user_id), password=NEW).status == 303
    assert (is_in(reader), is_in(there)) == (False, False)
    reader.sign_in(buyer, NEW)
    assert len(lines(reader)) == 1


def test_whoever_acts_for_another_organisation_goes_on_in_the_same_sign_in(browse):
    buyer, other = make_person(), make_person("agency")
    reader = browse(buyer)
    with transaction():
        actions.invite(other.who, buyer.email, "member")
    with transaction():
        token = queries.invited(queries.invitations_for(other.who)[0].id).token
    assert reader.post("/join", token=token).location == "/overview"
    assert reader.post(f"/account/switch/{buyer.org_id}").location == "/catalog"
    assert len(lines(reader)) == 1
    with transaction():
        actions.remove(other.who, buyer.who.user_id)
    assert is_in(reader)
    assert len(sign_ins()) == 1


def test_somebody_new_is_signed_in_by_joining(visit):
    owner, reader = make_person("agency"), visit()
    with transaction():
        token = queries.invited(actions.invite(owner.who, "lee@example.com", "member").id).token
    joined = reader.post("/join", token=token, name="Lee", password=PASSWORD, headers={"User-Agent": PHONE})
    assert joined.status == 303
    (line,) = lines(reader)
    assert line.startswith("Safari on iPhone")


def test_a_browser_that_signs_in_anew_is_one_line(browse):
    buyer = make_person()
    reader = browse(buyer)
    assert reader.sign_in(buyer, headers={"User-Agent": PHONE}).status == 303
    (line,) = lines(reader)
    assert line.startswith("Safari on iPhone")


@pytest.mark.parametrize("header", ["<script>alert(1)</script>", "Fïrefox \x7f\x01", "x" * 60_000, ""])
def test_whatever_a_browser_calls_itself_nothing_of_it_is_kept(browse, header):
    reader = browse(make_person(), header)
    (line,) = lines(reader)
    assert line.startswith("Unknown browser since")
    (kept,) = sign_ins()
    assert (kept.browser, kept.system) == ("", "")


def test_who_was_not_seen_for_31_days_is_signed_out_and_forgotten(browse, clock):
    buyer = make_person()
    here, idle = browse(buyer), browse(buyer, PHONE)
    clock.advance(days=30, hours=23)
    assert is_in(here)
    clock.advance(hours=1)
    assert (is_in(here), is_in(idle)) == (True, False)
    assert len(lines(here)) == 1
    forget_sign_ins()
    (kept,) = sign_ins()
    assert kept.browser == "Firefox"


def test_it_is_written_down_once_an_hour_that_somebody_was_seen(browse, clock):
    reader, came = browse(make_person()), clock.now()
    clock.advance(minutes=59)
    assert is_in(reader)
    assert sign_ins()[0].seen_at <= came
    clock.advance(minutes=1, seconds=1)
    assert is_in(reader)
    seen = sign_ins()[0].seen_at
    assert seen > came
    assert is_in(reader)
    assert sign_ins()[0].seen_at == seen


def test_a_page_neither_waits_nor_fails_for_that(browse, clock):
    reader = browse(make_person())
    clock.advance(hours=2)
    with psycopg.connect(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)) as other:
        other.execute("SELECT FROM sign_ins FOR UPDATE")
        assert is_in(reader)
    with transaction():
        session().execute(text("ALTER TABLE sign_ins ADD CONSTRAINT unseen CHECK (seen_at = created_at)"))
    try:
        assert is_in(reader)
    finally:
        with transaction():
            session().execute(text("ALTER TABLE sign_ins DROP CONSTRAINT unseen"))
    assert sign_ins()[0].seen_at == sign_ins()[0].created_at
    assert is_in(reader)
    assert sign_ins()[0].seen_at > sign_ins()[0].created_at


def test_a_session_of_before_there_were_sign_ins_signs_in_once(visit):
    buyer, reader = make_person(), visit()
    with reader.client.session_transaction() as kept:
        kept["_user_id"] = f"{buyer.who.user_id}:0:{buyer.org_id}"
    assert reader.get("/account").location == "/sign-in?next=/account"
    assert reader.sign_in(buyer, next="/account").location == "/account"
    assert len(lines(reader)) == 1
