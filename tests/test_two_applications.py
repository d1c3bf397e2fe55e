"""Two applications in one process: each has what it was given, and neither disturbs the other."""

import io
import json
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import billing, notices
from marketplace.app import create_app
from marketplace.billing import Gateway, documents
from marketplace.disputes import findings
from marketplace.kit import clock, crypto, files, ip_places
from marketplace.kit.db import db, session, transaction
from marketplace.kit.mail import Box
from marketplace.kit.own import Given
from marketplace.people import actions, errors, tokens
from marketplace.people.models import User
from marketplace.stripe_emulator.webhooks.sender import signature
from tests.factories import running
from tests.factories.addresses import COUNTRIES, write_addresses
from tests.factories.people import make_person


@pytest.fixture
def other_box():
    return Box()


@pytest.fixture
def other(app, other_box, tmp_path):
    """Another application on the same database, with everything else of its own; made when the first was there."""
    settings = app.extensions["settings"].but(
        mode="demo",
        secret_key="another secret",
        pii_keys="t2:" + "B" * 43 + "=",
        pii_pepper="another pepper",
        stripe_api_base="http://127.0.0.1:8",
        stripe_webhook_secret="whsec_another",
        public_url="https://other.example",
        mail_from="Other <hello@other.example>",
        files_url=(tmp_path / "other").as_uri(),
        company_name="Other Ltd",
        ip_country_file=write_addresses(tmp_path / "countries.mmdb", COUNTRIES),
    )
    made = create_app(settings, transport=other_box)
    yield made
    with made.app_context():
        db.engine.dispose()


def in_both(app, other, ask):
    """What `ask` says in the first and in the other, asked in turns."""
    said = []
    for each in (app, other, app):
        with each.app_context():
            said.append(ask())
    first, second, again = said
    assert first == again
    return first, second


@pytest.mark.parametrize(
    ("ask", "first", "second"),
    [
        (lambda: billing.gateway().checkout_origin, "http://127.0.0.1:9", "http://127.0.0.1:8"),
        (lambda: documents.company().party.name, "Fairlead Exchange Ltd", "Other Ltd"),
        (notices.sending.public_url, "http://127.0.0.1", "https://other.example"),
        (notices.sending.mail_from, "Fairlead <hello@fairlead.test>", "Other <hello@other.example>"),
        (lambda: type(findings.line_provider()).__name__, "NoneType", "DemoLines"),
        (lambda: bool(ip_places.places()), False, True),
        (lambda: crypto.keys().current, "t1", "t2"),
    ],
)
def test_each_has_what_it_was_given(app, other, ask, first, second):
    assert in_both(app, other, ask) == (first, second)


def test_what_one_has_sealed_only_that_one_opens(app, other):
    sealed = crypto.seal(b"a phone", "leads:sealed:1")
    with other.app_context(), pytest.raises(crypto.Unreadable):
        crypto.unseal(sealed, "leads:sealed:1")
    assert crypto.unseal(sealed, "leads:sealed:1") == b"a phone"
    first, second = in_both(app, other, lambda: crypto.blind_index("phone", "+15125550123"))
    assert first != second


def test_each_keeps_its_own_files(app, other):
    files.put("one", io.BytesIO(b"of the first"), most=100)
    with other.app_context():
        with pytest.raises(FileNotFoundError):
            files.open_plain("one")
        files.put("one", io.BytesIO(b"of the other"), most=100)
    with files.open_plain("one") as stream:
        assert stream.read() == b"of the first"


def test_a_token_of_one_is_none_of_the_other(app, other):
    user = session().scalar(select(User).where(User.id == make_person("buyer").who.user_id))
    token = tokens.reset(user)
    with other.app_context(), pytest.raises(errors.TokenInvalid):
        tokens.read(tokens.RESET, token, "user")
    assert tokens.read(tokens.RESET, token, "user")[0] == user.id


def test_letters_leave_the_way_of_the_application_whose_job_writes_them(app, other, box, other_box):
    for each, mine, theirs, place in (
        (app, box, other_box, "http://127.0.0.1/reset"),
        (other, other_box, box, "https://other.example/reset"),
    ):
        with each.app_context():
            buyer, known = make_person("buyer"), len(theirs.letters)
            with transaction():
                actions.start_password_reset(buyer.email)
            running.run_jobs(each)
        assert any(letter.to == buyer.email and place in letter.text for letter in mine.letters)
        assert len(theirs.letters) == known


def test_each_takes_stripes_word_under_its_own_secret(app, other):
    event = json.dumps({"id": "evt_1", "object": "event", "type": "x.y", "livemode": False, "data": {"object": {}}})
    for each, own in ((app, "whsec_fairlead"), (other, "whsec_another"), (app, "whsec_fairlead")):
        for secret in ("whsec_fairlead", "whsec_another"):
            told = {"Stripe-Signature": signature(event, secret, int(time.time()))}
            answer = each.test_client().post("/webhooks/stripe", data=event, headers=told)
            assert (answer.status_code == 200) == (secret == own)


def test_time_moves_where_it_may_and_nowhere_else(app, other):
    with other.app_context():
        clock.let_it_move(allowed=False)
    before = clock.now()
    with transaction():
        clock.advance(timedelta(days=400))
    assert clock.now() - before >= timedelta(days=400)
    with other.app_context():
        assert clock.now() < before
        with pytest.raises(RuntimeError, match="in the demo and in tests only"):
            clock.advance(timedelta(days=1))


def test_what_an_application_was_not_given_is_named(app):
    with pytest.raises(RuntimeError, match="not given its telescope"):
        Given("telescope").get()


def test_what_was_lent_is_given_back_after_a_failure_too(app):
    def fail():
        billing.use_gateway(Gateway("sk_test_other", "http://127.0.0.1:9", "whsec_other"), "http://127.0.0.1")
        raise LookupError

    before = billing.gateway()
    with pytest.raises(LookupError), running.lent(app):
        fail()
    assert billing.gateway() is before
