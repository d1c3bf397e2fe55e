"""The operator's page: every button, without a browser."""

import re

import pytest

from marketplace.stripe_emulator.cards import CARDS


@pytest.fixture
def press(emulator):
    def press(act, on="", how="", **headers):
        data = {"act": act, "on": on, "how": how}
        return emulator.web.post(f"{emulator.url}/emulator", data=data, headers=headers)

    return press


def page(emulator):
    answer = emulator.web.get(f"{emulator.url}/emulator")
    assert answer.status_code == 200
    return answer.text


def test_an_empty_world_has_a_page(emulator):
    text = page(emulator)
    for sentence in ("Nobody has paid yet.", "No payment is disputed.", "Nothing was refunded.", "Nobody is connected"):
        assert sentence in text
    assert "0 webhooks waiting" in text


def test_a_payment_is_disputed_and_the_dispute_decided(emulator, press):
    first, second = (emulator.paid().payment_intent.latest_charge.id for _ in range(2))
    emulator.settle()
    assert page(emulator).count(">Dispute</button>") == 2
    for charge in (first, second):
        assert press("dispute", charge, "duplicate").headers["Location"] == "/emulator"
    assert ">Dispute</button>" not in page(emulator)
    lost, won = (found.id for found in emulator.stripe().disputes.list().data)
    assert re.search(r"needs response, duplicate", page(emulator))
    assert press("win", won).status_code == press("lose", lost).status_code == 303
    statuses = {found.id: found.status for found in emulator.stripe().disputes.list().data}
    assert statuses == {won: "won", lost: "lost"}
    again = press("win", lost)
    assert (again.status_code, "not possible any more" in again.text) == (409, True)
    assert emulator.stripe().disputes.retrieve(lost).status == "lost"


def test_a_bank_asks_and_then_takes_the_payment_back(emulator, press):
    charge = emulator.paid().payment_intent.latest_charge.id
    emulator.settle()
    assert press("ask", charge, "unrecognized").status_code == 303
    (asked,) = emulator.stripe().disputes.list().data
    assert "warning needs response, unrecognized" in page(emulator)
    assert press("escalate", asked.id).status_code == 303
    assert emulator.stripe().disputes.retrieve(asked.id).status == "needs_response"


def test_a_refund_is_sent_back(emulator, press):
    session = emulator.paid()
    emulator.settle()
    made = emulator.stripe().refunds.create({"payment_intent": session.payment_intent.id}).id
    assert press("fail-refund", made).status_code == 303
    assert emulator.stripe().refunds.retrieve(made).status == "failed"


def test_an_account_is_stopped_goes_on_and_gets_another_bank(emulator, press):
    account = emulator.onboarded()
    assert press("pause", account).status_code == 303
    assert "transfers restricted, paused" in page(emulator)
    assert press("resume", account).status_code == 303
    assert "transfers active" in page(emulator)
    assert press("bank", account, "000111111116").status_code == 303
    assert "bank 1116, new" in page(emulator)
    wrong = press("bank", account, "DE00")
    assert (wrong.status_code, "no test account" in wrong.text) == (409, True)
    assert press("our-bank", "", "000111111113").status_code == 303
    assert "bank 1113, new" in page(emulator)


def test_payouts_and_their_failures_are_seen(emulator, press):
    emulator.fund()
    account = emulator.onboarded("000111111116")
    emulator.transfer(account)
    assert "$81.00" in page(emulator)
    emulator.stripe().payouts.create({"amount": 1_000, "currency": "usd"})
    emulator.clock.advance(days=2, hours=1)
    text = page(emulator)
    assert "$81.00 failed: no_account" in text
    assert "$10.00 paid" in text


def test_an_event_is_sent_again(emulator, press, receiver):
    emulator.stripe().customers.create({})
    emulator.sender.drain()
    [event] = receiver.events
    assert "delivered" in page(emulator)
    assert press("resend", event.id).status_code == 303
    assert emulator.sender.drain() == 1
    assert receiver.events[1].id == event.id


def test_what_does_not_exist_is_said(emulator, press):
    assert press("surprise").status_code == 404
    assert press("dispute", "ch_unknown", "fraudulent").status_code == 409
    assert press("dispute", emulator.stripe().customers.create({}).id, "fraudulent").status_code == 409
    assert press("pause", emulator.paid().id).status_code == 409


def test_another_sites_page_cannot_press_a_button(emulator, press):
    account = emulator.onboarded()
    assert press("pause", account, Origin="http://evil.example").status_code == 403
    assert press("pause", account, Origin="null").status_code == 403
    assert "paused" not in page(emulator)
    assert press("pause", account, Origin=emulator.url).status_code == 303


def test_names_are_escaped_and_nothing_runs(emulator):
    emulator.recipient(display_name="<script>alert(1)</script>")
    answer = emulator.web.get(f"{emulator.url}/emulator")
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_every_failed_payment_is_on_the_page_too(emulator):
    for card in CARDS.values():
        emulator.enter(emulator.checkout(), card.number, cvc="1" * card.cvc_length)
    assert "failed" in page(emulator)
