"""Letters about what gives access without a password: whoever makes it in a stolen session does not stay unseen."""

from marketplace.kit.db import transaction
from marketplace.orders.outcomes import hooks
from marketplace.people import actions, queries
from tests.factories.people import make_person


def made_on_a_page(person, name="CRM", scopes=("orders:read",)):
    who = queries.who_of_address(person.email, via="page")
    with transaction():
        return actions.create_api_key(who, name, scopes)


def test_a_key_made_on_a_page_is_told_to_its_maker_and_the_owners(app, run_jobs, mail):
    owner = make_person("buyer")
    maker, member = (make_person("buyer", role=role, org_id=owner.org_id) for role in ("manager", "member"))
    run_jobs()
    mail.letters.clear()
    _key, secret = made_on_a_page(maker, "<b>CRM</b>")
    run_jobs()
    assert sorted(letter.to for letter in mail.letters) == sorted([owner.email, maker.email])
    for letter in mail.letters:
        assert letter.subject == "An API key was made"
        for told in ("Made by: Dana Ortiz", "Name: <b>CRM</b>", "See bought leads and their contacts", "UTC", "/keys"):
            assert told in letter.text
        assert "&lt;b&gt;CRM" in letter.html
        assert secret not in letter.text + letter.html
    assert member.email not in {letter.to for letter in mail.letters}


def test_an_owner_who_makes_a_key_gets_one_letter_and_a_command_writes_none(app, run_jobs, mail):
    owner = make_person("buyer")
    run_jobs()
    assert "An API key was made" not in {letter.subject for letter in mail.letters}
    made_on_a_page(owner)
    run_jobs()
    assert [letter.to for letter in mail.letters if letter.subject == "An API key was made"] == [owner.email]


def test_an_address_for_outcomes_is_told_each_time_it_is_made(app, run_jobs, mail):
    owner = make_person("buyer")
    for _time in range(2):
        with transaction():
            secret = hooks.renew(queries.who_of_address(owner.email, via="page"))
        run_jobs()
    letters = [letter for letter in mail.letters if letter.subject == "An address for outcomes was made"]
    assert [letter.to for letter in letters] == [owner.email, owner.email]
    assert "/orders/outcomes/hook" in letters[0].text
    assert secret not in "".join(letter.text + letter.html for letter in letters)


def test_a_new_password_names_what_still_opens_without_it(app, run_jobs, mail):
    owner = make_person("buyer", scopes=["orders:read"])
    colleague = make_person("buyer", org_id=owner.org_id)
    made_on_a_page(owner, "CRM of ours")
    gone, _secret = made_on_a_page(owner, "long gone")
    made_on_a_page(colleague, "of a colleague")
    with transaction():
        actions.revoke_api_key(queries.who_of_address(owner.email), gone.id)
        hooks.renew(queries.who_of_address(owner.email, via="page"))
    for person, named in ((owner, True), (make_person("agency", role="member"), False)):
        with transaction():
            actions.reset_password(queries.reset_token(person.who.user_id), "a quite different phrase")
        run_jobs()
        letter = next(each for each in reversed(mail.letters) if each.to == person.email)
        assert letter.subject == "Your password was changed"
        for told in ("CRM of ours", "scripts", "/keys", "/orders/outcomes/hook"):
            assert (told in letter.text, told in letter.html) == (named, named), told
        assert ('/keys" ' in letter.html, '/orders/outcomes/hook" ' in letter.html) == (named, named), "to be clicked"
        assert "long gone" not in letter.text
        assert "of a colleague" not in letter.text


def test_a_new_password_does_not_name_an_address_for_outcomes_that_was_left_behind(app, run_jobs, mail):
    owner = make_person("buyer")
    maker = make_person("buyer", org_id=owner.org_id)
    with transaction():
        hooks.renew(queries.who_of_address(maker.email, via="page"))
        actions.leave(queries.who_of_address(maker.email))
    with transaction():
        actions.reset_password(queries.reset_token(maker.who.user_id), "a quite different phrase")
    run_jobs()
    letter = next(each for each in reversed(mail.letters) if each.to == maker.email)
    assert letter.subject == "Your password was changed"
    assert "/orders/outcomes/hook" not in letter.text
