import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from marketplace.stripe_emulator import EventFault, Sender
from marketplace.stripe_emulator.webhooks.outbox import QUICK, pending

PAYMENT = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def waiting(emulator):
    with emulator.world.store.transaction() as rows:
        return pending(rows)


def test_a_webhook_is_a_signed_event_that_the_real_package_accepts(emulator, receiver):
    session = emulator.paid(metadata={"topup": "9"})
    assert emulator.sender.drain() == 4
    assert receiver.kinds == PAYMENT
    event = receiver.events[-1]
    assert (event.type, event.livemode, event.api_version) == ("checkout.session.completed", False, stripe.api_version)
    assert (event.data.object.id, event.data.object.metadata["topup"]) == (session.id, "9")
    assert event.created == int(emulator.clock.now().timestamp())


def test_a_changed_body_another_secret_or_an_old_signature_is_found_out(emulator, receiver):
    emulator.stripe().customers.create({})
    emulator.sender.drain()
    payload, header = receiver.posts[0]
    for wrong in [(payload + b" ", header, "whsec_emulator"), (payload, header, "whsec_other")]:
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(*wrong)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        stripe.Webhook.construct_event(payload, header, "whsec_emulator", tolerance=-1)


def test_an_event_names_the_request_behind_it(emulator, receiver):
    made = emulator.stripe().customers.create({}, {"idempotency_key": "customer:1"})
    emulator.sender.drain()
    [event] = receiver.events
    assert event.request.id == made.last_response.headers["Request-Id"]
    assert event.request.idempotency_key == "customer:1"
    emulator.paid()
    emulator.sender.drain()
    assert receiver.events[-1].request.id is None


def test_the_listed_event_is_the_delivered_one(emulator, receiver):
    emulator.paid()
    client = emulator.stripe()
    assert {event.pending_webhooks for event in client.events.list().data} == {1}
    emulator.sender.drain()
    found = client.events.retrieve(receiver.events[0].id)
    assert found.pending_webhooks == 0
    assert found.to_dict() == receiver.events[0].to_dict() | {"pending_webhooks": 0}
    assert len(client.events.list({"type": "charge.*"}).data) == 1
    both = client.events.list({"types": ["charge.succeeded", "payment_intent.succeeded"]})
    assert [event.type for event in both.data] == ["payment_intent.succeeded", "charge.succeeded"]


def test_an_event_shows_the_object_as_it_was_then(emulator, receiver):
    emulator.paid()
    emulator.settle()
    emulator.sender.drain()
    then, later = [
        event.data.object for event in receiver.events if event.type in {"charge.succeeded", "charge.updated"}
    ]
    assert then["balance_transaction"] is None
    assert later["balance_transaction"].startswith("txn_")
    assert not [name for name in then.to_dict() if name.startswith("_")]


def test_what_fails_is_tried_again_and_the_rest_does_not_wait(emulator, receiver):
    receiver.planned.extend([500, 302])
    emulator.paid()
    assert emulator.sender.drain() == 2
    assert emulator.sender.drain() == 2
    assert receiver.kinds == [*PAYMENT, *PAYMENT[:2]]
    assert emulator.sender.drain() == 0


def test_the_background_sender_delivers_at_once_and_retries_soon(emulator, receiver, until):
    receiver.planned.extend([500, 503])
    emulator.sender.start()
    emulator.stripe().customers.create({})
    until(lambda: len(receiver.posts) == 3)
    until(lambda: waiting(emulator) == 0)
    assert len({event.id for event in receiver.events}) == 1


def test_a_receiver_that_is_down_for_a_moment_hears_everything_afterwards(start, unused_address, until):
    with start(webhook_url=unused_address.url) as emulator:
        emulator.sender.start()
        emulator.paid()
        time.sleep(0.5)
        assert waiting(emulator) == 4
        with unused_address.listen() as receiver:
            until(lambda: waiting(emulator) == 0)
            assert sorted(receiver.kinds) == sorted(PAYMENT)


def test_the_background_sender_follows_the_clock(emulator, receiver, until):
    emulator.paid()
    emulator.sender.start()
    until(lambda: len(receiver.posts) == 4)
    emulator.settle()
    until(lambda: receiver.kinds[-1] == "charge.updated")


def fail_many(emulator, receiver, times):
    receiver.planned.extend([500] * times)
    for _ in range(times):
        emulator.sender.drain()


def test_after_the_quick_retries_the_pauses_follow_the_clock_for_three_days(emulator, receiver):
    emulator.stripe().customers.create({})
    fail_many(emulator, receiver, len(QUICK) + 1)
    tries = len(receiver.posts)
    assert tries == len(QUICK) + 1
    emulator.clock.advance(seconds=299)
    assert emulator.sender.drain() == 0
    assert len(receiver.posts) == tries
    hours = []
    receiver.planned.extend([500] * 100)
    for hour in range(100):
        emulator.clock.advance(hours=1)
        emulator.sender.drain()
        hours += [hour] * (len(receiver.posts) - tries)
        tries = len(receiver.posts)
    assert 8 <= len(hours) <= 15
    assert 70 <= hours[-1] <= 84
    assert waiting(emulator) == 0


def test_days_that_pass_in_a_jump_do_not_cost_an_event(emulator, receiver):
    emulator.stripe().customers.create({})
    fail_many(emulator, receiver, 2)
    emulator.clock.advance(days=8)
    assert emulator.sender.drain() == 1
    receiver.planned.clear()


def test_an_event_can_be_sent_again_by_hand(emulator, receiver):
    emulator.stripe().customers.create({})
    emulator.sender.drain()
    emulator.sender.resend(receiver.events[0].id)
    assert emulator.sender.drain() == 1
    assert receiver.posts[0][0] != b""
    assert receiver.events[0].id == receiver.events[1].id


def test_a_receiver_may_call_back_while_it_handles_an_event(emulator, receiver):
    seen = []
    receiver.during.append(lambda: seen.append(emulator.stripe().balance.retrieve().object))
    emulator.stripe().customers.create({})
    assert emulator.sender.drain() == 1
    assert seen == ["balance"]


def test_two_senders_at_work_do_not_send_twice(emulator, receiver):
    emulator.paid()
    with ThreadPoolExecutor(4) as pool:
        accepted = sum(pool.map(lambda _: emulator.sender.drain(), range(4)))
    assert accepted == 4
    assert receiver.kinds == PAYMENT


def test_a_duplicate_is_the_same_event_twice(emulator, receiver, faults):
    faults.force(EventFault.DUPLICATE, on="checkout.session.completed")
    emulator.paid()
    emulator.sender.drain()
    assert receiver.kinds == [*PAYMENT, PAYMENT[-1]]
    assert receiver.events[-1].id == receiver.events[-2].id


def test_a_dropped_event_comes_with_the_retry(emulator, receiver, faults):
    faults.force(EventFault.DROP, on="payment_intent.succeeded")
    emulator.paid()
    emulator.sender.drain()
    assert "payment_intent.succeeded" not in receiver.kinds
    emulator.sender.drain()
    assert receiver.kinds[-1] == "payment_intent.succeeded"


def test_a_delayed_event_waits_for_the_clock(emulator, receiver, faults):
    faults.force(EventFault.DELAY, on="checkout.session.completed")
    emulator.paid()
    assert emulator.sender.drain() == 3
    emulator.clock.advance(seconds=29)
    emulator.sender.drain()
    assert "checkout.session.completed" not in receiver.kinds
    emulator.clock.advance(seconds=1)
    emulator.sender.drain()
    assert receiver.kinds[-1] == "checkout.session.completed"


def test_a_reordered_event_is_passed_by_the_next_one(emulator, receiver, faults):
    faults.force(EventFault.REORDER, on="charge.succeeded")
    emulator.paid()
    emulator.sender.drain()
    assert receiver.kinds == [PAYMENT[0], PAYMENT[2], PAYMENT[1], PAYMENT[3]]


def test_a_reordered_event_is_passed_in_the_background_too(emulator, receiver, faults, until):
    faults.force(EventFault.REORDER, on="charge.succeeded")
    emulator.sender.start()
    emulator.paid()
    until(lambda: len(receiver.posts) == 4)
    assert receiver.kinds.index("charge.succeeded") > receiver.kinds.index("payment_intent.succeeded")


def test_a_clock_that_fails_for_a_moment_does_not_end_the_sender(emulator, receiver, clock, until):
    good = clock.moment
    clock.moment = None
    emulator.sender.start()
    time.sleep(0.3)
    clock.moment = good
    emulator.stripe().customers.create({})
    until(lambda: receiver.kinds == ["customer.created"])


def test_the_payload_is_json_as_stripe_writes_it(emulator, receiver):
    emulator.stripe().customers.create({"name": "Żółć"})
    emulator.sender.drain()
    assert json.loads(receiver.posts[0][0])["data"]["object"]["name"] == "Żółć"


def test_stopping_leaves_what_waits_in_the_store(emulator, receiver, until):
    receiver.planned.extend([500] * 50)
    sender = Sender(emulator.app)
    sender.start()
    emulator.stripe().customers.create({})
    until(lambda: receiver.posts)
    sender.stop()
    assert waiting(emulator) == 1
