"""A killed emulator forgets nothing that it acknowledged, and still tells what it has not told."""

import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
import textwrap

import httpx
import stripe

from marketplace.stripe_emulator.store import UPGRADES, Store

PROGRAM = textwrap.dedent("""
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from marketplace.stripe_emulator import create_emulator, create_world, play, serve, start_sender
    store, port, webhook_url = sys.argv[1:]
    app = create_emulator()
    play(app, create_world(
        Path(store), secret_key="sk_test_emulator", webhook_url=webhook_url, webhook_secret="whsec_emulator",
        now=lambda: datetime.now(UTC), public_url=f"http://127.0.0.1:{port}",
    ))
    start_sender(app)
    serve(app, "127.0.0.1", int(port))
""")
SHOP = {
    "mode": "payment",
    "line_items": [{"price_data": {"currency": "usd", "unit_amount": 2500, "product_data": {"name": "x"}}}],
    "success_url": "http://shop.test/",
}
CARD = {"card_number": "4242424242424242", "expiry": "12/34", "cvc": "123"}


@contextlib.contextmanager
def process(store, port, webhook_url, until):
    running = subprocess.Popen([sys.executable, "-c", PROGRAM, str(store), str(port), webhook_url])
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(url), 20)
        yield url
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()


def answers(url):
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{url}/healthz", verify=False).status_code == 200
    return False


def client(url):
    return stripe.StripeClient("sk_test_emulator", base_addresses={"api": url}).v1


def test_a_killed_process_goes_on_where_it_was(tmp_path, unused_address, until):
    store, port = tmp_path / "stripe.db", unused_address.another_port()
    with process(store, port, unused_address.url, until) as url:
        session = client(url).checkout.sessions.create(SHOP, {"idempotency_key": "topup:1"})
        assert httpx.post(session.url, data=CARD, verify=False).status_code == 303
    with unused_address.listen() as receiver, process(store, port, unused_address.url, until) as url:
        again = client(url).checkout.sessions.create(SHOP, {"idempotency_key": "topup:1"})
        assert again.id == session.id
        assert httpx.post(session.url, data=CARD, verify=False).status_code == 303
        assert len(client(url).charges.list().data) == 1
        until(lambda: "charge.updated" in receiver.kinds, 20)
        wanted = {
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
            "checkout.session.completed",
        }
        until(lambda: wanted <= set(receiver.kinds), 20)


def test_a_store_opened_again_knows_objects_keys_and_what_is_due(start, receiver):
    with start() as before:
        session = before.paid()
        kept = before.stripe().customers.create({"name": "Ana"}, {"idempotency_key": "customer:1"})
        pay_later = before.checkout()
    with start() as after:
        again = after.stripe().customers.create({"name": "Ana"}, {"idempotency_key": "customer:1"})
        assert again.to_dict() == kept.to_dict()
        assert after.stripe().checkout.sessions.retrieve(session.id).payment_status == "paid"
        after.settle()
        assert after.sender.drain() == 6
        assert receiver.kinds[-1] == "charge.updated"
        after.clock.advance(days=1)
        assert after.stripe().checkout.sessions.retrieve(pay_later.id).status == "expired"


OLD_SCHEMA = """
CREATE TABLE objects (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX objects_by_kind ON objects (kind, seq);
CREATE TABLE answers (
  key TEXT PRIMARY KEY, path TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  request_id TEXT NOT NULL, created INTEGER NOT NULL
);
CREATE INDEX answers_by_age ON answers (created);
INSERT INTO answers VALUES ('topup:1', '/v1/customers', 'x', 200, '{}', 'req_1', 1000);
"""


def test_a_store_of_an_older_program_is_brought_up_to_date_once(tmp_path):
    path = tmp_path / "stripe.db"
    with sqlite3.connect(path) as old:
        old.executescript(OLD_SCHEMA)
        method = {"id": "pm_1", "object": "payment_method", "customer": "cus_1"}
        old.execute("INSERT INTO objects (id, kind, body) VALUES ('pm_1', 'payment_method', ?)", [json.dumps(method)])
    found = []
    for _ in range(2):
        store = Store(path)
        with store.transaction() as rows:
            found.append(rows.find("pm_1"))
            assert rows.owner_of("pm_1") == ""
            [answer] = rows.rows("SELECT key, forgotten_at FROM answers")
            assert (answer["key"], answer["forgotten_at"]) == ("v1  topup:1", 1000 + 86_400)
            assert rows.rows("PRAGMA user_version")[0]["user_version"] == len(UPGRADES)
            rows.save(found[-1] | {"customer": "cus_2", "_is_used": False})
        store.close()
    assert (found[0]["customer"], found[0]["_is_set_up"], found[0]["_is_used"]) == (None, False, True)
    assert (found[1]["customer"], found[1]["_is_used"]) == ("cus_2", False)
