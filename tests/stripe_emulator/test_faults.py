import pytest
import stripe

from marketplace.stripe_emulator import EventFault, Faults, RequestFault


def create(emulator, retries=0, **options):
    return emulator.stripe(retries=retries).customers.create({"name": "Ana"}, options)


def count(emulator):
    return len(emulator.stripe().events.list({"type": "customer.created"}).data)


def test_nothing_goes_wrong_by_default():
    none = Faults()
    assert {none.for_request(method, "/v1/refunds") for method in ("GET", "POST") for _ in range(1000)} == {None}
    assert not any(none.for_event("charge.updated") for _ in range(1000))


def test_a_timeout_after_the_commit_hides_what_was_done(emulator, faults):
    faults.force(RequestFault.TIMEOUT_AFTER_COMMIT, on="POST /v1/customers")
    with pytest.raises(stripe.APIConnectionError):
        create(emulator, idempotency_key="customer:1")
    assert count(emulator) == 1
    again = create(emulator, idempotency_key="customer:1")
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert count(emulator) == 1


def test_the_connection_can_hang_until_the_client_gives_up(emulator, faults):
    faults.hang_seconds = 1.0
    faults.force(RequestFault.TIMEOUT_AFTER_COMMIT)
    with pytest.raises(stripe.APIConnectionError, match="ReadTimeout"):
        emulator.stripe(timeout=0.3).customers.create({})
    assert count(emulator) == 1


def test_the_real_clients_own_retry_gets_over_a_lost_answer(emulator, faults):
    faults.force(RequestFault.TIMEOUT_AFTER_COMMIT)
    assert create(emulator, retries=1).name == "Ana"
    assert count(emulator) == 1


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (RequestFault.ERROR_BEFORE, 500, stripe.APIError),
        (RequestFault.SAVED_ERROR, 500, stripe.APIError),
        (RequestFault.CONFLICT, 409, stripe.APIError),
        (RequestFault.RATE_LIMIT, 429, stripe.RateLimitError),
    ],
)
def test_a_forced_fault_happens_once_where_it_is_told_to(emulator, faults, fault, status, error):
    faults.force(fault, on="POST /v1/customers")
    emulator.checkout()
    with pytest.raises(error) as failure:
        create(emulator)
    assert failure.value.http_status == status
    assert count(emulator) == 0
    create(emulator)
    assert count(emulator) == 1


def test_reads_can_fail_but_have_no_saved_failures(emulator, faults):
    faults.force(RequestFault.SAVED_ERROR)
    assert emulator.stripe().balance.retrieve().object == "balance"
    faults.force(RequestFault.ERROR_BEFORE)
    with pytest.raises(stripe.APIError):
        emulator.stripe().balance.retrieve()


def test_the_payment_page_is_not_touched_by_api_faults(emulator, faults):
    session = emulator.checkout()
    faults.error_before = 1.0
    assert emulator.enter(session).status_code == 303


def test_the_same_seed_throws_the_same_dice():
    def throw(seed):
        dice = Faults(seed=seed, error_before=0.2, rate_limit=0.2, duplicate=0.3, reorder=0.3)
        return [(dice.for_request("POST", "/v1/refunds"), dice.for_event("charge.updated")) for _ in range(200)]

    assert throw(7) == throw(7) != throw(8)
    requests = [request for request, _ in throw(7)]
    assert 25 <= requests.count(RequestFault.ERROR_BEFORE) <= 60
    assert {fault for _, events in throw(7) for fault in events} == {EventFault.DUPLICATE, EventFault.REORDER}


def test_a_client_that_repeats_with_its_key_gets_everything_done_once_in_any_weather(start, faults, receiver):
    faults.error_before, faults.rate_limit, faults.conflict, faults.timeout_after_commit = 0.2, 0.1, 0.1, 0.2
    faults.duplicate, faults.drop, faults.reorder = 0.3, 0.3, 0.3
    with start() as emulator:
        made = [insist(emulator, f"customer:{number}") for number in range(30)]
        for _ in range(3):
            emulator.sender.drain()
    assert len(set(made)) == 30
    told = [event.data.object["id"] for event in receiver.events]
    assert set(told) == set(made)
    assert len(told) > 30


def insist(emulator, key):
    for _ in range(50):
        try:
            return create(emulator, idempotency_key=key).id
        except (stripe.APIError, stripe.APIConnectionError, stripe.RateLimitError):
            continue
    raise AssertionError(key)
