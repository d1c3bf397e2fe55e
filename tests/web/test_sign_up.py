import re

import pytest
from sqlalchemy import func, select

from marketplace.kit.db import session, transaction
from marketplace.people import Organisation, User, actions, queries, terms
from tests.factories.people import PASSWORD, make_person

FORM = {
    "kind": "agency",
    "organisation": "Tallgrass Digital",
    "country": "US",
    "name": "Ana Reyes",
    "email": "ana@tallgrass.example",
    "password": PASSWORD,
    "accept": "1",
    **terms.current(),
}


@pytest.fixture
def letter_to(run_jobs, mail):
    """The token in the newest letter to an address."""

    def token(email: str) -> str:
        run_jobs()
        texts = [letter.text for letter in reversed(mail.letters) if letter.to == email]
        return next(found[1] for text in texts if (found := re.search(r"token=(\S+)", text)))

    return token


def how_many(table) -> int:
    with transaction():
        return session().scalar(select(func.count()).select_from(table))


def test_a_new_account_is_told_by_letter_and_comes_in(visit, letter_to):
    reader = visit()
    sent = reader.follow(reader.post("/sign-up", **FORM))
    assert "ana@tallgrass.example" in sent.words
    assert "ana@" not in reader.post("/sign-up", **FORM).location
    token = letter_to("ana@tallgrass.example")
    asking = reader.get(f"/confirm?token={token}")
    assert asking.headers["Referrer-Policy"] == "no-referrer"
    with transaction():
        assert not queries.who_of_address("ana@tallgrass.example").is_confirmed
    assert reader.post("/confirm", token=token).location == "/sign-in"
    assert reader.post("/confirm", token=token).status == 303
    assert reader.sign_in("ana@tallgrass.example").location == "/overview"


def test_a_known_address_gets_the_same_page_and_a_letter_of_its_own(visit, run_jobs, mail):
    known, reader = make_person(), visit()
    orgs = how_many(Organisation)
    fresh = reader.follow(reader.post("/sign-up", **FORM)).words
    taken = reader.follow(reader.post("/sign-up", **{**FORM, "email": known.email})).words
    assert taken.replace(known.email, "") == fresh.replace(FORM["email"], "")
    assert how_many(Organisation) == orgs + 1
    run_jobs()
    assert {known.email, FORM["email"]} <= {letter.to for letter in mail.letters}


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("organisation", " ", "Fill this in."),
        ("name", "", "Fill this in."),
        ("country", "ZZ", "country"),
        ("email", "ana@", "This is not an e-mail address."),
        ("password", "short", "Too short"),
        ("password", "password1234", "among the first"),
        ("accept", "", "Read and accept the terms"),
        ("accept", None, "Read and accept the terms"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(visit, field, typed, words):
    form = {name: text for name, text in {**FORM, field: typed}.items() if text is not None}
    page = visit().post("/sign-up", **form)
    assert page.status == 422
    error = re.search(rf'id="f-{field}-error">(.*?)</div>', page.text, re.DOTALL)
    assert words in error[1]
    assert page.value_of("password") == ""
    kept = {"name": "Ana Reyes", "email": "ana@tallgrass.example", "organisation": "Tallgrass Digital"}
    for name in kept.keys() - {field}:
        assert page.value_of(name) == kept[name]
    assert how_many(User) == 0


def test_terms_that_changed_meanwhile_are_read_again(visit):
    page = visit().post("/sign-up", **{**FORM, "terms": "0"})
    assert page.status == 409
    assert "terms have changed" in page.words
    assert page.value_of("terms") == terms.current()["terms"]


def test_staff_are_not_made_on_a_page(visit):
    assert visit().post("/sign-up", **{**FORM, "kind": "staff"}).status == 422
    assert how_many(User) == 0


def test_the_letter_is_sent_again_and_nobody_learns_who_waits(visit, run_jobs, mail):
    reader = visit()
    reader.post("/sign-up", **FORM)
    run_jobs()
    waiting = reader.follow(reader.post("/confirm/again", email=FORM["email"])).words
    unknown = reader.follow(reader.post("/confirm/again", email="nobody@example.com")).words
    assert waiting.replace(FORM["email"], "") == unknown.replace("nobody@example.com", "")
    run_jobs()
    assert [letter.to for letter in mail.letters] == [FORM["email"]] * 2


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_a_link_that_is_not_ours_offers_a_new_letter(visit, token):
    page = visit().post("/confirm", token=token)
    assert page.status == 404
    assert "not one of ours" in page.words
    assert page.value_of("email") == ""
    assert visit().get(f"/join?token={token}").status == 404


def invited(owner, email, role="member"):
    with transaction():
        actions.invite(owner.who, email, role)


def test_somebody_new_joins_with_a_name_and_a_password(visit, letter_to):
    owner, reader = make_person("agency"), visit()
    invited(owner, "new@example.com")
    token = letter_to("new@example.com")
    page = reader.get(f"/join?token={token}")
    assert "Member" in page.words
    assert page.headers["Referrer-Policy"] == "no-referrer"
    nameless = reader.post("/join", token=token, password=PASSWORD)
    assert (nameless.status, nameless.value_of("token")) == (422, token)
    assert reader.post("/join", token=token, name="Noor", password=PASSWORD).location == "/overview"
    assert "Noor" in reader.get("/team").words
    assert visit().get(f"/join?token={token}").status == 410


def test_somebody_known_joins_with_their_password_or_signed_in(visit, letter_to):
    owner, known = make_person("agency"), make_person("buyer")
    invited(owner, known.email)
    token = letter_to(known.email)
    assert visit().post("/join", token=token, password="not this one at all").status == 401
    reader = visit(known)
    assert "Join as Dana Ortiz" in reader.get(f"/join?token={token}").words
    assert reader.post("/join", token=token).location == "/overview"


def test_an_invitation_opens_to_nobody_else(visit, letter_to):
    owner = make_person("agency")
    invited(owner, "new@example.com")
    token = letter_to("new@example.com")
    page = visit(make_person()).post("/join", token=token)
    assert page.status == 403
    assert "another address" in page.words
