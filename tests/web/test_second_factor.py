"""An authenticator app: set up, asked for, stood in for, turned off."""

import html
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from marketplace import events
from marketplace.cli import organisations
from marketplace.cli.main import main
from marketplace.kit import logs
from marketplace.kit.db import session, transaction
from marketplace.people import actions, queries
from marketplace.people.actions.sign_in import CODES_BY_PERSON, CODES_OF_STRANGERS
from marketplace.people.models import Authenticator, RecoveryCode
from tests.factories.people import PASSWORD, make_person
from tests.factories.second_factor import make_phone, shown_by

NEW = "another fine password"
PAGE = "/account/second-factor"


@pytest.fixture
def phone(app):
    return make_phone(make_person())


@pytest.fixture
def half_way(visit, phone):
    """A new browser in which the password was given."""

    def go(**more):
        reader = visit()
        assert reader.sign_in(phone.person, **more).location == "/sign-in/code"
        return reader

    return go


def is_in(reader):
    return reader.get("/account").status == 200


def codes_on(page):
    return [html.unescape(code) for code in re.findall(r"<li>(\w{5}-\w{5})</li>", page.text)]


def key_on(page):
    return re.search(r"<code[^>]*>([A-Z2-7 ]{39})</code>", page.text)[1].replace(" ", "")


def told(mail, person):
    return [letter.subject for letter in mail.letters if letter.to == person.email]


def test_somebody_sets_up_an_app_and_signs_in_with_it(visit, run_jobs, mail, caplog):
    buyer = make_person()
    here = visit(buyer)
    assert "Set up an app" in here.get("/account").words
    assert "This is not your password" in here.post(PAGE, current="not this one at all").words
    page = here.post(PAGE, current=PASSWORD)
    secret, token = key_on(page), page.value_of("token")
    assert "<svg" in page.text
    assert session().scalars(select(Authenticator)).all() == []
    wrong = here.post(f"{PAGE}/confirmation", token=token, code="abcdef")
    assert (wrong.status, key_on(wrong)) == (422, secret)
    on = here.post(f"{PAGE}/confirmation", token=token, code=shown_by(secret))
    made = codes_on(on)
    assert len(set(made)) == 10
    again = here.post(f"{PAGE}/confirmation", token=token, code=shown_by(secret))
    assert "set up a moment ago" in here.follow(again).words
    assert "10 left" in here.get("/account").words
    there = visit()
    assert there.sign_in(buyer, next="/team").location == "/sign-in/code"
    assert not is_in(there)
    session().rollback()
    with transaction():
        session().get_one(Authenticator, buyer.who.user_id).last_step = 0
    assert there.post("/sign-in/code", code=shown_by(secret)).location == "/team"
    assert "with a code of your app" in there.get("/account").words
    run_jobs()
    assert told(mail, buyer)[-1] == "Signing in asks for a code now"
    kept = session().get_one(Authenticator, buyer.who.user_id, populate_existing=True)
    assert secret.encode() not in kept.secret
    said = str([event.data for event in events.history(buyer.who.user_id)])
    said += str([(letter.text, letter.html) for letter in mail.letters]) + caplog.text
    assert [each for each in (secret, token, *made) if each in said] == []


def test_only_the_password_of_today_sets_up_an_app_for_its_own_person_and_soon(visit, clock):
    buyer = make_person()
    here, other = visit(buyer), visit(make_person())
    page = here.post(PAGE, current=PASSWORD)
    sent = {"token": page.value_of("token"), "code": shown_by(key_on(page))}
    late = {"token": "made.up.token", "code": sent["code"]}
    for reader, form in ((other, sent), (here, late)):
        assert "Set the app up once more" in reader.follow(reader.post(f"{PAGE}/confirmation", **form)).words
    clock.advance(minutes=30, seconds=1)
    assert here.post(f"{PAGE}/confirmation", **sent).status == 303
    page = here.post(PAGE, current=PASSWORD)
    assert here.post("/account/password", current=PASSWORD, password=NEW).status == 303
    sent = {"token": page.value_of("token"), "code": shown_by(key_on(page))}
    assert here.post(f"{PAGE}/confirmation", **sent).status == 303
    assert session().scalars(select(Authenticator)).all() == []


def test_a_code_signs_in_once_and_a_wrong_one_says_so(half_way, phone):
    first, second, code = half_way(), half_way(), phone.code()
    wrong = first.post("/sign-in/code", code="000 00")
    assert wrong.status == 422
    assert "not right, or it was used before" in wrong.words
    assert first.post("/sign-in/code", code=f" {code[:3]} {code[3:]}").location == "/catalog"
    assert second.post("/sign-in/code", code=code).status == 422
    assert (is_in(first), is_in(second)) == (True, False)
    assert second.post("/sign-in/code", code=phone.code()).status == 303
    assert first.get("/sign-in/code").location == "/sign-in"


def test_a_recovery_code_stands_in_once_and_its_person_is_told(half_way, phone, run_jobs, mail):
    first, second, code = half_way(), half_way(), phone.recovery_codes[3]
    assert "Recovery code" in first.get("/sign-in/code?with=recovery").words
    wrong = first.post("/sign-in/code", code="abcde-fghjk", **{"with": "recovery"})
    assert (wrong.status, wrong.value_of("with")) == (422, "recovery")
    assert first.post("/sign-in/code", code=code.upper().replace("-", " ")).status == 303
    page = first.get("/account").words
    assert "9 left" in page
    assert "with a recovery code" in page
    assert second.post("/sign-in/code", code=code).status == 422
    run_jobs()
    assert "A recovery code was used" in told(mail, phone.person)
    assert "Recovery codes left: 9" in mail.letters[-1].text


def test_half_the_way_opens_nothing_and_belongs_to_its_browser(visit, half_way, phone):
    reader, stranger = half_way(), visit()
    for path in ("/account", "/catalog", PAGE, "/api/v1/wallet"):
        assert reader.get(path).status in (303, 401)
    for path in (f"{PAGE}/end", "/account/password", "/team/invitations"):
        assert reader.post(path).location.startswith("/sign-in")
    assert stranger.get("/sign-in/code").location == "/sign-in"
    assert stranger.post("/sign-in/code", code=phone.code()).location == "/sign-in"
    assert queries.mark_name(phone.person.email) not in {cookie.key for cookie in reader.client._cookies.values()}
    assert reader.post("/sign-out").status == 303
    assert reader.get("/sign-in/code").location == "/sign-in"


def test_who_signs_in_where_somebody_else_is_signed_in_is_asked_for_a_code_too(visit, phone):
    reader = visit(make_person("agency"))
    assert reader.sign_in(phone.person).location == "/sign-in/code"
    assert "One more step" in reader.get("/sign-in/code").words
    assert reader.post("/sign-in/code", code=phone.code()).location == "/catalog"


def test_a_way_that_is_too_long_for_a_cookie_is_left_out(half_way, phone):
    reader = half_way(next="/catalog?q=" + "x" * 5000)
    assert reader.post("/sign-in/code", code=phone.code()).location == "/catalog"


def test_half_the_way_ends_after_ten_minutes(half_way, phone, clock):
    reader = half_way(next="/team")
    clock.advance(minutes=10, seconds=1)
    late = reader.post("/sign-in/code", code=phone.code())
    assert late.location == "/sign-in?next=/team"
    assert "Sign in once more" in reader.follow(late).words
    assert reader.get("/sign-in/code").location == "/sign-in"


def test_half_the_way_ends_with_a_new_password_which_goes_around_nothing(visit, half_way, phone):
    reader, fresh = half_way(), visit()
    token = queries.reset_token(phone.person.who.user_id)
    assert fresh.post("/reset", token=token, password=NEW).location == "/sign-in"
    assert reader.post("/sign-in/code", code=phone.code()).location == "/sign-in?next="
    assert fresh.sign_in(phone.person, NEW).location == "/sign-in/code"
    assert not is_in(fresh)
    assert fresh.post("/sign-in/code", code=phone.code()).status == 303


def test_half_the_way_ends_when_the_app_is_turned_off(half_way, phone):
    reader, code = half_way(), phone.code()
    with transaction():
        actions.turn_off(phone.person.who, PASSWORD, phone.recovery_codes[0])
    assert reader.post("/sign-in/code", code=code).location == "/sign-in?next="
    assert reader.sign_in(phone.person).location == "/catalog"


@pytest.mark.parametrize("kind", ["reset_token", "confirmation_token"])
def test_no_other_token_is_half_the_way(visit, phone, kind):
    reader = visit()
    reader.token()
    with reader.client.session_transaction() as kept:
        kept["half_way"] = {"token": getattr(queries, kind)(phone.person.who.user_id), "wanted": ""}
    assert reader.post("/sign-in/code", code=phone.code()).location == "/sign-in?next="


def test_strangers_who_know_the_password_run_out_of_tries_and_lock_nobody_out(visit, half_way, phone):
    own = half_way()
    assert own.post("/sign-in/code", code=phone.code()).status == 303
    own.post("/sign-out")
    stranger = half_way()
    for _ in range(CODES_OF_STRANGERS[0].most - 1):  # the person's own browser was a stranger's until it came in
        assert stranger.post("/sign-in/code", code="123123").status == 422
    slowed = half_way().post("/sign-in/code", code=phone.code())
    assert slowed.status == 429
    assert "Too many attempts" in slowed.words
    assert int(slowed.headers["Retry-After"]) > 0
    assert own.sign_in(phone.person).status == 303
    for _ in range(CODES_BY_PERSON[0].most - 1):
        assert own.post("/sign-in/code", code="123123").status == 422
    assert own.post("/sign-in/code", code=phone.code()).status == 303


def test_tries_of_strangers_end_for_the_day(half_way, phone, clock):
    reader = half_way()
    for _minute in range(CODES_OF_STRANGERS[1].most // CODES_OF_STRANGERS[0].most):
        for _ in range(CODES_OF_STRANGERS[0].most):
            with transaction():
                actions.throttle_code(half_way_token(reader), "10.0.0.1", {})
        clock.advance(minutes=1)
        reader = half_way()
    assert reader.post("/sign-in/code", code=phone.code()).status == 429


def half_way_token(reader):
    with reader.client.session_transaction() as kept:
        return kept["half_way"]["token"]


def test_a_wrong_password_says_nothing_of_a_second_factor(visit, phone):
    with_app = visit().sign_in(phone.person, "not this one at all")
    without = visit().sign_in(make_person(), "not this one at all")
    assert (with_app.status, with_app.words) == (without.status, without.words)


def test_who_joins_an_organisation_by_password_is_asked_for_a_code_first(visit, phone):
    owner, reader = make_person("agency"), visit()
    with transaction():
        token = queries.invited(actions.invite(owner.who, phone.person.email, "member").id).token
    assert reader.post("/join", token=token, password=PASSWORD).location == "/sign-in/code"
    assert len(queries.members_for(owner.who)) == 1
    asked = reader.post("/sign-in/code", code=phone.code())
    assert asked.location == f"/join?token={token}"
    assert reader.follow(asked).status == 200
    assert reader.post("/join", token=token).location == "/overview"
    session().rollback()
    assert len(queries.members_for(owner.who)) == 2


def test_it_is_turned_off_with_password_and_code_alone(half_way, phone, run_jobs, mail):
    reader = half_way()
    reader.post("/sign-in/code", code=phone.code())
    for form in ({"current": NEW, "code": phone.code()}, {"current": PASSWORD, "code": "123123"}):
        page = reader.post(f"{PAGE}/end", **form)
        assert page.status == 422
        assert page.text.count("invalid-feedback") == 1
    for _click in range(2):
        off = reader.post(f"{PAGE}/end", current=PASSWORD, code=phone.code())
        assert "turned off" in reader.follow(off).words
    assert session().scalars(select(RecoveryCode)).all() == []
    run_jobs()
    assert told(mail, phone.person)[-1] == "Signing in asks for no code any more"
    assert len(events.history(phone.person.who.user_id, "second_factor.turned_off")) == 1
    reader.post("/sign-out")
    assert reader.sign_in(phone.person).location == "/catalog"


def test_new_recovery_codes_end_those_of_before(half_way, phone, run_jobs, mail):
    reader = half_way()
    reader.post("/sign-in/code", code=phone.recovery_codes[0])
    assert reader.post(f"{PAGE}/recovery-codes", current=PASSWORD, code="123123").status == 422
    made = codes_on(reader.post(f"{PAGE}/recovery-codes", current=PASSWORD, code=phone.recovery_codes[1]))
    assert len(set(made) - set(phone.recovery_codes)) == 10
    assert "10 left" in reader.get(PAGE).words
    run_jobs()
    assert "New recovery codes were made" in told(mail, phone.person)
    next_time = half_way()
    assert next_time.post("/sign-in/code", code=phone.recovery_codes[2]).status == 422
    assert next_time.post("/sign-in/code", code=made[0]).status == 303


def test_without_an_app_there_is_nothing_to_recover_and_with_one_no_second(visit, half_way, phone):
    reader, without = half_way(), visit(make_person())
    reader.post("/sign-in/code", code=phone.code())
    assert "set up already" in reader.follow(reader.post(PAGE, current=PASSWORD)).words
    asked = without.post(f"{PAGE}/recovery-codes", current=PASSWORD, code="123123")
    assert "No authenticator app" in without.follow(asked).words
    assert without.post(f"{PAGE}/end", current=PASSWORD, code="123123").status == 303


def test_guessing_in_a_browser_that_is_signed_in_is_slowed_down(half_way, phone):
    reader = half_way()
    reader.post("/sign-in/code", code=phone.code())
    for _ in range(CODES_BY_PERSON[0].most):
        assert reader.post(f"{PAGE}/end", current=PASSWORD, code="123123").status == 422
    assert reader.post(f"{PAGE}/end", current=PASSWORD, code=phone.code()).status == 429


def test_staff_turn_it_off_by_command_for_who_has_lost_everything(app, visit, phone, run_jobs, mail, monkeypatch):
    staff = make_person("staff")
    monkeypatch.setattr(organisations, "application", app.app_context)

    def turn_off(by, email=phone.person.email):
        return CliRunner().invoke(main, ["user", "second-factor-off", "--email", email, "--by", by])

    assert turn_off(make_person().email).exit_code == 1
    assert turn_off(staff.email, "nobody@example.com").exit_code == 1
    done = turn_off(staff.email)
    assert (done.exit_code, "is off" in done.output) == (0, True)
    assert "No authenticator app" in turn_off(staff.email).output
    (event,) = events.history(phone.person.who.user_id, "second_factor.turned_off")
    assert (event.actor_id, event.via) == (staff.who.user_id, "command")
    run_jobs()
    assert "Our staff turned the authenticator app of your account off" in mail.letters[-1].text
    assert visit().sign_in(phone.person).location == "/catalog"


def test_no_code_reaches_the_log(half_way, phone, capfd):
    logs.configure("DEBUG")
    reader, code = half_way(), phone.code()
    reader.post("/sign-in/code", code="123123")
    assert reader.post("/sign-in/code", code=code).status == 303
    said = "".join(capfd.readouterr())
    assert "/sign-in/code" in said
    assert [each for each in (code, "123123", PASSWORD) if each in said] == []
