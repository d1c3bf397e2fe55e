"""Two people at the same moment, each with a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from marketplace.kit.db import session, transaction
from marketplace.people import actions, ceremonies, queries
from marketplace.people.errors import ChallengeOver, LastOwner, WrongCode
from marketplace.people.models import Organisation, User
from marketplace.people.schemas import SignUp
from marketplace.people.terms import current
from tests.factories.people import PASSWORD, make_person
from tests.factories.second_factor import make_phone


def at_once(app, *acts):
    """Run the acts side by side, each in its own transaction: -> what each returned or raised."""
    together = Barrier(len(acts))

    def run(act):
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    return act()
            except (ChallengeOver, LastOwner, WrongCode) as refusal:
                return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_last_owners_who_leave_at_once_one_stays(app, make_who):
    first = make_who()
    second = make_who(org_id=first.org_id)
    session().rollback()
    results = at_once(app, lambda: actions.leave(first), lambda: actions.leave(second))
    assert sorted(type(result).__name__ for result in results) == ["LastOwner", "NoneType"]
    stayed = next(who for who, result in zip((first, second), results, strict=True) if result)
    assert [member.user_id for member in queries.members_for(stayed)] == [stayed.user_id]


def test_one_address_signed_up_four_times_at_once_is_one_person(app):
    form = SignUp("buyer", "Brightside", "US", "Dana", "dana@brightside.example", "correct horse battery", current())
    at_once(app, *[lambda: actions.sign_up(form)] * 4)
    assert session().scalars(select(func.count()).select_from(User)).one() == 1
    assert session().scalars(select(func.count()).select_from(Organisation)).one() == 1


@pytest.mark.parametrize("kind", ["app", "recovery_code"])
def test_one_code_sent_four_times_at_once_signs_in_once(app, kind):
    phone = make_phone(make_person())
    code = phone.code() if kind == "app" else phone.recovery_codes[0]
    with transaction():
        token = actions.sign_in(phone.person.email, PASSWORD).token
    session().rollback()
    results = at_once(app, *[lambda: actions.finish_sign_in(token, code)] * 4)
    assert sorted(type(result).__name__ for result in results) == ["WrongCode", "WrongCode", "WrongCode", "tuple"]


def test_one_challenge_answered_four_times_at_once_is_taken_once(app):
    ceremonies.use_site("http://localhost")
    try:
        with transaction():
            challenge_id, _asked = actions.ask_for_passkey()
    finally:
        ceremonies.use_site("")
    results = at_once(app, *[lambda: actions.take_challenge(challenge_id)] * 4)
    assert sorted(type(result).__name__ for result in results) == [*["ChallengeOver"] * 3, "bytes"]
