import json

import pytest

from marketplace import notices
from marketplace.kit.db import transaction
from marketplace.people import actions
from tests.conftest import Visitor
from tests.factories import running
from tests.factories.pages import Reader
from tests.factories.people import make_person


@pytest.fixture
def demo(app):
    """A browser at the demo."""
    with running.as_demo(app) as demo:
        yield Reader(Visitor(demo, demo.response_class, use_cookies=True))


@pytest.fixture
def letter(demo, run_jobs):
    """Somebody wants a new password; the letter's address."""
    buyer = make_person()
    with transaction():
        actions.start_password_reset(buyer.email)
    run_jobs()
    return buyer.email


def test_letters_are_read_where_they_stay(demo, letter):
    page = demo.get("/demo/mail")
    assert "Set a new password" in page.words
    assert letter in page.words
    assert letter not in demo.get("/demo/mail?to=somebody@else.test").words


def test_scripts_get_them_as_json(demo, letter):
    answer = demo.get("/demo/mail", headers={"Accept": "application/json"})
    newest = json.loads(answer.text)[0]
    assert newest["to"] == letter
    assert "/reset?token=" in newest["text"]
    assert {"subject", "html", "sent_at"} <= set(newest)


def test_a_letter_cannot_run_anything(demo, letter):
    (newest, *_) = json.loads(demo.get("/demo/mail", headers={"Accept": "application/json"}).text)
    assert 'sandbox="' in demo.get(f"/demo/mail/{newest['id']}").text
    body = demo.get(f"/demo/mail/{newest['id']}/body")
    assert "sandbox" in body.headers["Content-Security-Policy"]
    assert "default-src 'none'" in body.headers["Content-Security-Policy"]
    assert "allow-scripts" not in body.headers["Content-Security-Policy"]
    assert '<base target="_top">' in body.text


def test_outside_the_demo_there_is_no_such_page(visit):
    assert visit().get("/demo/mail").status == 404
    with pytest.raises(RuntimeError):
        notices.outbox()
