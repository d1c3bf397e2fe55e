"""Stripe's events: proved by their signature, kept once, answered at once."""

import json
import time

import pytest
from sqlalchemy import func, select, text

from marketplace.app import create_app
from marketplace.billing.errors import BadSignature
from marketplace.billing.gateway import Gateway
from marketplace.billing.models import StripeEvent
from marketplace.config import MissingSettings
from marketplace.kit.db import session, transaction
from marketplace.stripe_emulator.webhooks.sender import signature
from tests.factories.paying import pay_in
from tests.factories.people import make_person

SECRET = "whsec_fairlead"


@pytest.fixture
def event():
    content = {"id": "cs_unknown", "object": "checkout.session", "payment_status": "paid", "currency": "usd"}
    return {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "created": int(time.time()),
        "data": {"object": {**content, "amount_total": 100, "payment_intent": "pi_1", "status": "complete"}},
    }


@pytest.fixture
def deliver(client):
    def send(event, *, secret=SECRET, at=None, header=None):
        payload = json.dumps(event)
        signed = signature(payload, secret, at or int(time.time())) if header is None else header
        return client.post("/webhooks/stripe", data=payload, headers={"Stripe-Signature": signed})

    return send


def kept():
    with transaction():
        return session().scalar(select(func.count()).select_from(StripeEvent))


def test_an_event_is_kept_once_however_often_it_comes(deliver, event):
    assert [deliver(event).status_code for _ in range(3)] == [200, 200, 200]
    assert kept() == 1


def test_an_event_about_something_unknown_is_handled_without_harm(deliver, event, run_jobs, gateway):
    assert deliver(event).status_code == 200
    run_jobs()
    with transaction():
        assert session().scalars(select(StripeEvent.handled_at)).one() is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_another"},
        {"secret": ""},
        {"at": 1_000_000_000},
        {"header": ""},
        {"header": "t=x,v1=y"},
        {"header": "t=1,v1=\xff"},
    ],
)
def test_a_signature_that_does_not_fit_is_refused(deliver, event, wrong):
    answer = deliver(event, **wrong)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "bad_signature")
    assert kept() == 0


def test_an_event_of_the_real_world_is_refused_by_test_keys(deliver, event):
    assert deliver({**event, "livemode": True}).status_code == 400


def test_more_than_a_mebibyte_is_refused(client):
    answer = client.post("/webhooks/stripe", data=b" " * ((1 << 20) + 1), headers={"Stripe-Signature": "t=1,v1=x"})
    assert answer.status_code == 413


def test_what_was_handled_and_is_replayed_by_hand_changes_nothing(api, gateway, run_jobs, clock):
    buyer, staff = make_person("buyer"), make_person("staff")
    pay_in(gateway, buyer.who, 50_00)
    clock.advance(minutes=3)
    gateway.deliver()
    run_jobs()
    written = session().scalar(text("SELECT count(*) FROM ledger_entries"))
    events = list(session().scalars(select(StripeEvent.id)))
    session().rollback()
    assert events
    for event_id in events:
        assert api(staff).post(f"/stripe-events/{event_id}/replay").status in (200, 202)
    run_jobs()
    assert session().scalar(text("SELECT count(*) FROM ledger_entries")) == written
    assert session().scalar(text("SELECT count(*) FROM stripe_events WHERE handled_at IS NULL")) == 0
    assert api(buyer).get("/wallet")["available"] == 50_00


def test_without_a_secret_the_product_does_not_start(app):
    settings = app.extensions["settings"]
    with pytest.raises(MissingSettings, match="STRIPE_WEBHOOK_SECRET"):
        create_app(settings.but(stripe_webhook_secret=""))


def test_a_secret_of_nothing_but_spaces_lets_nothing_in(event):
    gateway = Gateway("sk_test_x", "http://127.0.0.1:9", " , ")
    for secret in ("", " "):
        with pytest.raises(BadSignature):
            gateway.read_event(json.dumps(event).encode(), signature(json.dumps(event), secret, int(time.time())))


@pytest.mark.parametrize(
    ("secret", "fits"), [("whsec_one", True), ("whsec_two", True), ("", False), ("whsec_x", False)]
)
def test_each_of_stripes_endpoints_signs_with_a_secret_of_its_own(event, secret, fits):
    gateway = Gateway("sk_test_x", "http://127.0.0.1:9", "whsec_one, ,whsec_two")
    payload = json.dumps({**event, "account": "acct_1"})
    header = signature(payload, secret, int(time.time()))
    if fits:
        assert gateway.read_event(payload.encode(), header).account_id == "acct_1"
    else:
        with pytest.raises(BadSignature):
            gateway.read_event(payload.encode(), header)
