import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest
import stripe

from marketplace.stripe_emulator import RequestFault

FORM = {"Idempotency-Key": "topup:1"}


def make(emulator, key="topup:1", **params):
    return emulator.stripe().customers.create({"name": "Ana"} | params, {"idempotency_key": key})


def customers(emulator):
    return emulator.stripe().events.list({"type": "customer.created"}).data


def test_the_same_key_gives_the_same_object_once(emulator):
    first, second = make(emulator), make(emulator)
    assert second.to_dict() == first.to_dict()
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert second.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert len(customers(emulator)) == 1


def test_the_replayed_answer_is_the_same_to_the_byte_after_the_object_changed(emulator):
    body = {"charge": emulator.paid().payment_intent.latest_charge.id, "amount": 500}
    first = emulator.raw("POST", "/v1/refunds", data=body, headers=FORM)
    emulator.settle()
    second = emulator.raw("POST", "/v1/refunds", data=body, headers=FORM)
    assert second.content == first.content
    assert second.json()["status"] == "pending"
    assert emulator.stripe().refunds.retrieve(second.json()["id"]).status == "succeeded"


def test_the_same_key_with_other_parameters_is_an_error(emulator):
    make(emulator)
    with pytest.raises(stripe.IdempotencyError) as refusal:
        make(emulator, name="Olga")
    assert refusal.value.http_status == 400
    assert len(customers(emulator)) == 1


def test_the_same_key_at_another_endpoint_is_an_error(emulator):
    make(emulator)
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        emulator.stripe().refunds.create({"charge": "ch_1"}, {"idempotency_key": "topup:1"})


def test_a_request_refused_for_its_parameters_does_not_use_up_its_key(emulator):
    with pytest.raises(stripe.InvalidRequestError):
        make(emulator, surprise="1")
    assert make(emulator).name == "Ana"


def test_a_refusal_after_the_work_began_is_remembered(emulator):
    session = emulator.paid()
    client, options = emulator.stripe(), {"idempotency_key": "refund:1"}
    refund = {"payment_intent": session.payment_intent.id, "amount": 2501}
    answers = []
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as refusal:
            client.refunds.create(refund, options)
        answers.append(refusal.value.headers.get("Idempotent-Replayed"))
    assert answers == [None, "true"]


def test_a_saved_500_is_replayed_forever(emulator, faults):
    faults.force(RequestFault.SAVED_ERROR)
    for _ in range(3):
        with pytest.raises(stripe.APIError) as failure:
            make(emulator)
        assert failure.value.http_status == 500
    assert customers(emulator) == []
    assert make(emulator, key="topup:2").name == "Ana"


def test_a_saved_500_may_hide_a_success(emulator, faults):
    faults.force(RequestFault.SAVED_ERROR_AFTER)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            make(emulator)
    assert len(customers(emulator)) == 1


def test_the_real_client_is_told_not_to_repeat_a_saved_500(emulator, faults):
    faults.force(RequestFault.SAVED_ERROR)
    with pytest.raises(stripe.APIError) as failure:
        emulator.stripe(retries=3).customers.create({})
    assert failure.value.headers["Stripe-Should-Retry"] == "false"
    assert "Idempotent-Replayed" not in failure.value.headers


def test_a_500_from_before_the_work_is_not_remembered(emulator, faults):
    faults.force(RequestFault.ERROR_BEFORE)
    with pytest.raises(stripe.APIError):
        make(emulator)
    assert make(emulator).name == "Ana"


def test_a_key_is_forgotten_after_a_day(emulator):
    first = make(emulator)
    emulator.clock.advance(hours=23, minutes=59)
    assert make(emulator).id == first.id
    emulator.clock.advance(minutes=1)
    assert make(emulator).id != first.id


def test_a_second_request_with_a_running_key_is_409(emulator):
    holding, release = threading.Event(), threading.Event()

    def hold_the_store():
        with emulator.world.store.transaction():
            holding.set()
            release.wait(10)

    with ThreadPoolExecutor(3) as pool:
        pool.submit(hold_the_store)
        holding.wait(10)
        running = [pool.submit(make, emulator) for _ in range(2)]
        wait(running, timeout=10, return_when=FIRST_COMPLETED)  # with the store held, only a refusal can come back
        release.set()
        outcomes = [outcome.exception() for outcome in running]
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["APIError", "NoneType"]
    conflict = next(outcome for outcome in outcomes if outcome)
    assert (conflict.http_status, conflict.error.code) == (409, "idempotency_key_in_use")
    assert len(customers(emulator)) == 1


def test_twenty_racing_requests_with_one_key_make_one_object(emulator):
    def attempt(_):
        return emulator.raw("POST", "/v1/customers", data={"name": "Ana"}, headers=FORM)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(attempt, range(20)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 200}) == 1
    assert len(customers(emulator)) == 1


def test_an_overlong_key_is_refused(emulator):
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        make(emulator, key="k" * 256)
