"""Passkeys: added after the password, signing in by themselves, renamed, removed."""

import json
import os
import re

import pytest
from sqlalchemy import select

from marketplace import events
from marketplace.config import Settings
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Unauthorized
from marketplace.people import actions, ceremonies, queries
from marketplace.people.actions.passkeys import MOST, PASSKEYS_BY_NETWORK
from marketplace.people.jobs import forget_sign_ins
from marketplace.people.models import Passkey, PasskeyChallenge
from tests.factories.passkeys import (
    ORIGIN,
    PRESENT,
    VERIFIED,
    Device,
    add_passkey,
    asked_to_make,
    asked_to_sign,
    keep_passkey,
    options_on,
    sign_in,
)
from tests.factories.people import PASSWORD, make_person
from tests.factories.second_factor import make_phone

PAGE = "/account/passkeys"
NEW = "another fine password"


@pytest.fixture(autouse=True)
def site(app):
    """The address is a name; the tests' own is a number."""
    ceremonies.use_site(ORIGIN)
    yield
    ceremonies.use_site("")


@pytest.fixture
def buyer(app):
    return make_person()


@pytest.fixture
def device(visit, buyer):
    """With a passkey of the buyer."""
    device = Device()
    assert add_passkey(visit(buyer), device).location == "/account"
    return device


def kept():
    session().rollback()
    return session().scalars(select(Passkey).order_by(Passkey.id)).all()


def is_in(reader):
    return reader.get("/account").status == 200


def names(reader):
    section = re.search(r'id="passkeys".*?</section>', reader.get("/account").text, re.DOTALL)
    return re.findall(r'<span class="strong">([^<]+)</span>', section[0])


def told(mail, person):
    return [letter.subject for letter in mail.letters if letter.to == person.email]


def test_somebody_adds_a_passkey_and_signs_in_with_it_alone(visit, buyer, run_jobs, mail):
    here, device = visit(buyer), Device()
    assert "Add a passkey" in here.get("/account").words
    for form in ({"name": ""}, {"current": "not this one at all"}):
        assert here.post(f"{PAGE}/challenge", **{"name": "Laptop", "current": PASSWORD, **form}).status == 422
    asked = asked_to_make(here)
    assert asked["rp"] == {"name": "Fairlead", "id": "localhost"}
    assert asked["user"]["name"] == buyer.email
    assert asked["authenticatorSelection"] | {"requireResidentKey": True} == asked["authenticatorSelection"]
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    added = here.post(PAGE, name="Laptop", credential=device.make(asked))
    assert "“Laptop” signs you in" in here.follow(added).words
    there = visit()
    assert "Use a passkey" in there.get("/sign-in").words
    assert sign_in(there, device, next="/team").location == "/team"
    page = there.get("/account").words
    assert "with a passkey" in page
    (passkey,) = kept()
    assert (passkey.sign_count, passkey.used_at is None) == (1, False)
    run_jobs()
    assert told(mail, buyer)[-1] == "A passkey was added"
    assert "Passkey: Laptop" in mail.letters[-1].text
    (came,) = events.history(buyer.who.user_id, "user.signed_in")[-1:]
    assert came.data == {"proof": "passkey"}


def test_a_challenge_is_answered_once_by_its_own_browser_and_soon(visit, device, clock):
    reader, thief = visit(), visit()
    answer = device.sign(asked_to_sign(reader))
    copied = reader.client.get_cookie("fairlead").value
    assert thief.post("/sign-in/passkey", credential=answer).status == 409
    assert reader.post("/sign-in/passkey", credential=answer).status == 303
    thief.client.set_cookie("fairlead", copied)
    assert thief.post("/sign-in/passkey", credential=answer).status == 409
    late = visit()
    answer = device.sign(asked_to_sign(late))
    clock.advance(minutes=5, seconds=1)
    refused = late.post("/sign-in/passkey", credential=answer)
    assert (refused.status, "Begin once more" in refused.words) == (409, True)
    assert [is_in(each) for each in (reader, thief, late)] == [True, False, False]
    asked_to_sign(late)
    clock.advance(minutes=6)
    forget_sign_ins()
    assert session().scalars(select(PasskeyChallenge)).all() == []


def test_an_answer_that_does_not_hold_uses_the_challenge_up(visit, device):
    reader = visit()
    asked = asked_to_sign(reader)
    assert reader.post("/sign-in/passkey", credential="{}").status == 401
    assert reader.post("/sign-in/passkey", credential=device.sign(asked)).status == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "http://localhost.evil.test"},
        {"origin": "http://localhost:81"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"handle": "bm9ib2R5"},
    ],
)
def test_only_the_verified_person_on_our_own_page_signs_in(visit, device, changes):
    reader = visit()
    refused = reader.post("/sign-in/passkey", credential=device.sign(asked_to_sign(reader), **changes))
    assert refused.status == 401
    assert "does not work here" in refused.words
    assert not is_in(reader)
    assert kept()[0].used_at is None


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
def test_a_changed_answer_is_refused(visit, device, part):
    reader = visit()
    answer = json.loads(device.sign(asked_to_sign(reader)))
    answer["response"][part] = answer["response"][part][:-2] + "AA"
    assert reader.post("/sign-in/passkey", credential=json.dumps(answer)).status == 401


@pytest.mark.parametrize(
    "nonsense",
    ["", "x", "[]", "null", '{"rawId": 1}', '{"rawId": "é", "response": {}}', "[" * 9000],
    ids=["nothing", "word", "list", "null", "number", "letter", "deep"],
)
def test_nonsense_is_refused_on_both_pages(visit, buyer, nonsense):
    reader, here = visit(), visit(buyer)
    asked_to_sign(reader)
    assert reader.post("/sign-in/passkey", credential=nonsense).status == 401
    asked_to_make(here)
    assert here.post(PAGE, name="Laptop", credential=nonsense).location == PAGE
    assert kept() == []


def test_the_same_count_again_is_a_copy(visit, device):
    assert sign_in(visit(), device).status == 303
    device.count -= 1
    assert sign_in(visit(), device).status == 401
    assert sign_in(visit(), device).status == 303


def test_a_device_that_counts_nothing_signs_in_again_and_again(visit, device):
    for _time in range(2):
        device.count = -1
        assert sign_in(visit(), device).status == 303


def test_an_unknown_passkey_is_refused_like_a_wrong_one(visit, device):
    other = Device(7)
    other.handle = device.handle
    unknown, wrong = sign_in(visit(), other), visit()
    refused = wrong.post("/sign-in/passkey", credential=device.sign(asked_to_sign(wrong), flags=PRESENT))
    assert (unknown.status, unknown.words) == (refused.status, refused.words)


@pytest.mark.parametrize("changes", [{"origin": "https://evil.test"}, {"flags": PRESENT}])
def test_a_passkey_that_was_not_made_on_our_page_by_its_verified_person_is_not_kept(visit, buyer, changes):
    here, device = visit(buyer), Device()
    answer = device.make(asked_to_make(here), **changes)
    assert here.post(PAGE, name="Laptop", credential=answer).location == PAGE
    assert kept() == []


def test_a_passkey_is_added_by_whoever_gave_the_password_once(visit, buyer):
    here, other, device = visit(buyer), visit(make_person()), Device()
    answer = device.make(asked_to_make(here))
    for reader in (other, visit()):
        reader.client.set_cookie("other", "x")
        assert reader.post(PAGE, name="Laptop", credential=answer).status == 303
    with here.client.session_transaction() as mine:
        challenge = mine["passkey_challenge"]
    with other.client.session_transaction() as theirs:
        theirs["passkey_challenge"] = challenge
    assert "Begin once more" in other.follow(other.post(PAGE, name="Laptop", credential=answer)).words
    assert kept() == []
    assert here.post(PAGE, name="Laptop", credential=answer).location == "/account"
    assert "Begin once more" in here.follow(here.post(PAGE, name="Laptop", credential=answer)).words
    assert len(kept()) == 1


def test_a_new_password_ends_the_way_to_a_new_passkey(buyer):
    with transaction():
        challenge_id, asked = actions.ask_for_new_passkey(buyer.who, PASSWORD, "")
    with transaction():
        challenge = actions.take_challenge(challenge_id, buyer.who)
    with transaction():
        actions.reset_password(queries.reset_token(buyer.who.user_id), NEW)
    with pytest.raises(Unauthorized), transaction():
        actions.add_passkey(buyer.who, "Laptop", Device().make(asked), challenge)
    assert kept() == []


def test_an_id_longer_than_the_standard_has_it_is_refused(visit, buyer):
    here, device = visit(buyer), Device()
    device.credential_id = os.urandom(3000)
    assert "does not work here" in here.follow(add_passkey(here, device)).words
    assert kept() == []


def test_a_challenge_for_a_new_passkey_signs_nobody_in(visit, buyer, device):
    here = visit(buyer)
    asked = asked_to_make(here)
    here.post("/sign-out")
    answer = device.sign({"challenge": asked["challenge"], "rpId": "localhost"})
    assert here.post("/sign-in/passkey", credential=answer).status == 409


def test_nobody_takes_anothers_passkey(visit, device):
    other = visit(make_person())
    taken = add_passkey(other, device)
    assert "was added before" in other.follow(taken).words
    (passkey,) = kept()
    for path in (f"{PAGE}/{passkey.id}/name", f"{PAGE}/{passkey.id}/removal"):
        assert other.post(path, name="Mine").status == 404
    assert names(other) == []


def test_with_an_app_a_passkey_takes_a_code_to_add_and_none_to_use(visit, buyer):
    phone, here, device = make_phone(buyer), visit(), Device()
    here.sign_in(buyer)
    here.post("/sign-in/code", code=phone.code())
    form = {"name": "Laptop", "current": PASSWORD}
    assert 'name="code"' in here.get(PAGE).text
    for code in ("", "123123"):
        assert here.post(f"{PAGE}/challenge", code=code, **form).status == 422
    assert add_passkey(here, device, code=phone.code()).location == "/account"
    there = visit()
    assert sign_in(there, device).location == "/catalog"
    assert is_in(there)


def test_who_was_asked_for_no_code_adds_no_passkey_once_there_is_an_app(visit, buyer):
    here, device = visit(buyer), Device()
    answer = device.make(asked_to_make(here))
    make_phone(buyer)
    assert "Begin once more" in here.follow(here.post(PAGE, name="Laptop", credential=answer)).words
    assert kept() == []


def test_a_passkey_is_renamed_and_removed_and_the_person_told(visit, buyer, device, run_jobs, mail):
    here = visit(buyer)
    (passkey,) = kept()
    assert here.post(f"{PAGE}/{passkey.id}/name", name=" ").status == 303
    for _click in range(2):
        here.post(f"{PAGE}/{passkey.id}/name", name="<b>Phone</b>")
    assert names(here) == ["&lt;b&gt;Phone&lt;/b&gt;"]
    run_jobs()
    for _click in range(2):
        assert "is removed" in here.follow(here.post(f"{PAGE}/{passkey.id}/removal")).words
    assert names(here) == []
    run_jobs()
    assert told(mail, buyer)[-2:] == ["A passkey was added", "A passkey was removed"]
    assert len(events.history(passkey.id)) == 3
    assert sign_in(visit(), device).status == 401
    assert visit().sign_in(buyer).status == 303


def test_who_came_in_with_a_passkey_is_out_when_one_is_removed(visit, buyer, device):
    here, there, lost = visit(), visit(buyer), visit()
    for reader in (here, lost):
        sign_in(reader, device)
    for reader in (here, there):
        assert reader.post(f"{PAGE}/{kept()[0].id}/removal").status == 303
    assert [is_in(each) for each in (here, there, lost)] == [True, True, False]


def test_a_new_password_leaves_passkeys_and_its_letter_names_them(visit, buyer, device, run_jobs, mail):
    visit(buyer).post("/account/password", current=PASSWORD, password=NEW)
    run_jobs()
    letter = mail.letters[-1]
    assert letter.subject == "Your password was changed"
    assert "Passkey: Laptop" in letter.text
    assert "/account#passkeys" in letter.html
    assert sign_in(visit(), device).status == 303


def test_there_is_a_most(visit, buyer):
    here = visit(buyer)
    for number in range(MOST):
        keep_passkey(buyer, number)
    assert "too many passkeys" in here.post(f"{PAGE}/challenge", name="Laptop", current=PASSWORD).words


def test_ones_own_passkeys_are_not_made_a_second_time_on_their_device(visit, buyer, device):
    asked = options_on(visit(buyer).post(f"{PAGE}/challenge", name="Again", current=PASSWORD))
    assert len(asked["excludeCredentials"]) == 1


def test_wishes_to_sign_in_are_slowed_down(visit):
    reader = visit()
    for _ in range(PASSKEYS_BY_NETWORK.most):
        assert reader.post("/sign-in/passkey/challenge").status == 200
    assert reader.post("/sign-in/passkey/challenge").status == 429


def test_where_the_address_is_a_number_nothing_of_them_is_shown(visit, buyer):
    ceremonies.use_site("")
    here, reader = visit(buyer), visit()
    assert "assk" not in here.get("/account").words + reader.get("/sign-in").words
    assert here.get(PAGE).status == 404
    assert here.post(f"{PAGE}/challenge", name="Laptop", current=PASSWORD).status == 404
    assert reader.post("/sign-in/passkey/challenge").status == 404


@pytest.mark.parametrize(
    ("mode", "url", "origin"),
    [
        ("production", "https://fairlead.example", "https://fairlead.example"),
        ("production", "https://Fairlead.Example:443/x/", "https://fairlead.example"),
        ("production", "https://fairlead.example:8443", "https://fairlead.example:8443"),
        ("production", "https://börse.example", "https://xn--brse-5qa.example"),
        ("production", "http://fairlead.example", ""),
        ("production", "http://localhost:8000", "http://localhost:8000"),
        ("production", "https://192.0.2.7", ""),
        ("production", "https://[2001:db8::1]", ""),
        ("demo", "http://127.0.0.1:8000", "http://localhost:8000"),
        ("production", "", ""),
    ],
)
def test_passkeys_are_for_the_address_of_the_site(mode, url, origin):
    assert Settings(mode=mode, public_url=url).passkey_origin == origin
