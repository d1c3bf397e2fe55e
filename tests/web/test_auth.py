import re

import pytest

from marketplace.kit.db import transaction
from marketplace.people import actions, queries
from marketplace.people.actions.sign_in import SIGN_INS_AT_ADDRESS
from tests.factories.people import PASSWORD, make_person


def test_each_side_starts_where_its_work_is(visit):
    for kind, start in (("agency", "/overview"), ("buyer", "/catalog"), ("staff", "/admin/disputes")):
        assert visit().sign_in(make_person(kind)).location == start


def test_somebody_who_came_from_a_page_is_led_back_to_it(visit):
    reader = visit()
    asked = reader.get("/team?from=here")
    assert asked.status == 303
    assert asked.location == "/sign-in?next=/team?from%3Dhere"
    form = reader.follow(asked)
    assert form.value_of("next") == "/team?from=here"
    assert reader.sign_in(make_person(), next=form.value_of("next")).location == "/team?from=here"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "javascript:alert(1)",
        "/\t/evil.test",
        "evil",
    ],
)
def test_nobody_is_led_to_another_site(visit, elsewhere):
    assert visit().sign_in(make_person(), next=elsewhere).location == "/catalog"


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(visit):
    buyer = make_person()
    wrong = visit().sign_in(buyer, "not this one at all")
    unknown = visit().sign_in("nobody@example.com", "not this one at all")
    assert (wrong.status, unknown.status) == (401, 401)
    assert "do not go together" in wrong.words
    assert wrong.words == unknown.words
    assert wrong.value_of("email") == buyer.email
    assert wrong.value_of("password") == ""


def test_guessing_is_slowed_down_and_says_for_how_long(visit):
    buyer, reader = make_person(), visit()
    for _ in range(SIGN_INS_AT_ADDRESS[0].most):
        assert reader.sign_in(buyer, "not this one at all").status == 401
    slowed = reader.sign_in(buyer)
    assert slowed.status == 429
    assert "Too many attempts" in slowed.words
    assert 0 < int(slowed.headers["Retry-After"]) <= 60


def test_strangers_lock_nobody_out_of_a_browser_that_they_have_come_in_with(visit):
    buyer = make_person()
    own = visit(buyer)
    own.post("/sign-out")
    for _ in range(SIGN_INS_AT_ADDRESS[0].most):
        visit().sign_in(buyer, "not this one at all")
    assert visit().sign_in(buyer).status == 429
    assert own.sign_in(buyer).status == 303
    changed = own.post("/account/password", current=PASSWORD, password="another fine password")
    assert changed.status == 303
    own.post("/sign-out")
    assert own.sign_in(buyer, "another fine password").status == 303
    assert visit().sign_in("nobody@example.com", "not this one at all").status == 401


def test_a_browser_is_known_for_one_address_and_has_tries_of_its_own(visit):
    buyer, other = make_person(), make_person()
    own = visit(buyer)
    own.post("/sign-out")
    for reader, person in ((visit(), other), (own, buyer)):
        for _ in range(SIGN_INS_AT_ADDRESS[0].most):
            reader.sign_in(person, "not this one at all")
        assert reader.sign_in(person).status == 429
    assert own.sign_in(other).status == 429
    assert visit().sign_in(buyer).status == 303


def test_a_browser_keeps_the_newest_ten_marks(visit, clock):
    reader, people = visit(), [make_person() for _ in range(13)]
    for person in people:
        assert reader.sign_in(person).status == 303
        clock.advance(seconds=5)
    kept = {cookie.key for cookie in reader.client._cookies.values() if cookie.path == "/sign-in"}
    assert kept == {queries.mark_name(person.email) for person in people[-10:]}


def test_one_network_has_no_more_tries_than_one_address(visit):
    reader = visit()
    token = reader.token()

    def tried(number: int, origin: str) -> int:
        form = {"csrf_token": token, "email": f"person{number}@example.com", "password": "not this one at all"}
        return reader.client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": origin}).status_code

    assert {tried(number, f"2001:db8:7:{number:x}::1") for number in range(60)} == {401}
    assert tried(60, "2001:db8:7:beef::1") == 429
    assert tried(60, "2001:db8:8::beef") == 401


def test_fields_left_empty_are_named(visit):
    page = visit().post("/sign-in", email="", password="")
    assert page.status == 422
    assert page.text.count("Fill this in.") == 2


def test_who_signs_out_is_out(visit):
    reader = visit(make_person())
    assert reader.get("/account").status == 200
    assert reader.post("/sign-out").location == "/"
    assert reader.get("/account").status == 303
    reader.sign_in(make_person())
    assert reader.get("/sign-out").location == "/"
    assert reader.get("/account").status == 200


def test_a_form_without_its_token_does_nothing(visit):
    buyer, reader = make_person(), visit()
    page = reader.post("/sign-in", email=buyer.email, password=PASSWORD, csrf_token="made up")
    assert page.status == 409
    assert "too old" in page.words


def test_forgetting_is_answered_alike_for_every_address(visit, run_jobs, mail):
    buyer, reader = make_person(), visit()
    known = reader.follow(reader.post("/forgot", email=buyer.email))
    unknown = reader.follow(reader.post("/forgot", email="nobody@example.com"))
    assert known.words == unknown.words
    run_jobs()
    assert [letter.to for letter in mail.letters if "/reset?token=" in letter.text] == [buyer.email]


def test_letters_that_strangers_ask_for_leave_that_for_a_new_password(visit, run_jobs, mail):
    buyer = make_person()
    assert {visit().post("/confirm/again", email=buyer.email).status for _ in range(5)} == {303}
    assert visit().post("/forgot", email=buyer.email).status == 303
    run_jobs()
    assert [letter.to for letter in mail.letters if "/reset?token=" in letter.text] == [buyer.email]


def test_a_new_password_is_set_once_and_ends_every_session(visit, run_jobs, mail):
    buyer = make_person()
    elsewhere, reader = visit(buyer), visit()
    reader.post("/forgot", email=buyer.email)
    run_jobs()
    token = next(found[1] for letter in mail.letters if (found := re.search(r"/reset\?token=(\S+)", letter.text)))
    page = reader.get(f"/reset?token={token}")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.value_of("token") == token
    weak = reader.post("/reset", token=token, password="short")
    assert (weak.status, weak.value_of("token")) == (422, token)
    assert weak.headers["Referrer-Policy"] == "no-referrer"
    done = reader.follow(reader.post("/reset", token=token, password="another fine password"))
    assert "Your password is set" in done.words
    assert elsewhere.get("/account").status == 303
    assert reader.post("/reset", token=token, password="a third fine password").status == 410
    for _ in range(SIGN_INS_AT_ADDRESS[0].most):
        elsewhere.sign_in(buyer, "not this one at all")
    assert elsewhere.sign_in(buyer, "another fine password").status == 429, "it knew the old password only"
    assert reader.sign_in(buyer, "another fine password").status == 303, "it has read the letter"


def test_a_session_that_was_read_before_a_new_password_does_not_outlive_it(app, visit, monkeypatch):
    buyer = make_person()
    stolen, late = visit(buyer), actions.switch

    def switch(who, org_id):
        with app.app_context(), transaction():
            actions.reset_password(queries.reset_token(who.user_id), "another fine password")
        return late(who, org_id)

    monkeypatch.setattr(actions, "switch", switch)
    stolen.post(f"/account/switch/{buyer.org_id}")
    assert stolen.get("/account").status == 303


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_a_broken_link_says_what_to_do(visit, token):
    page = visit().post("/reset", token=token, password="another fine password")
    assert page.status in (404, 422)
    assert "500" not in page.words


def test_a_part_of_a_page_sends_the_whole_page_to_the_door(visit):
    answer = visit().get("/catalog", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in"
