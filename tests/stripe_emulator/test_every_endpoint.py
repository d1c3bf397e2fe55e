"""What holds for every endpoint that changes something: keys and faults. A new one without an example fails here."""

import re

import httpx
import pytest

from marketplace.stripe_emulator import RequestFault
from marketplace.stripe_emulator.table import RESOURCES

SETUP = {"mode": "setup", "currency": "usd", "success_url": "http://shop.test/"}
USE = {"type": "account_onboarding", "account_onboarding": {"refresh_url": "http://shop.test/"}}


def customer(emulator):
    return emulator.stripe().customers.create({}).id


def method(emulator):
    return emulator.stripe().payment_methods.attach("pm_card_visa", {"customer": customer(emulator)}).id


def intent(emulator):
    return emulator.stripe().payment_intents.create({"amount": 2500, "currency": "usd"}).id


def setup(emulator):
    return emulator.stripe().setup_intents.create({}).id


def charge(emulator):
    found = emulator.paid().payment_intent.latest_charge.id
    emulator.settle()
    return found


def refund(emulator):
    return emulator.stripe().refunds.create({"charge": charge(emulator)}).id


def dispute(emulator):
    return emulator.control.open_dispute(charge(emulator))


def account(emulator):
    emulator.fund()
    return emulator.onboarded()


def transfer(emulator):
    return emulator.transfer(account(emulator)).id


def payout(emulator):
    emulator.fund()
    return emulator.stripe().payouts.create({"amount": 500, "currency": "usd"}).id


MONEY = {"amount": "500", "currency": "usd"}
#: an example for each address: the object in the address, what is sent, and a parameter whose change matters
EXAMPLES = {
    "/v1/checkout/sessions": (None, lambda _: SETUP, {"locale": "de"}),
    "/v1/checkout/sessions/<session_id>/expire": (lambda e: e.checkout().id, dict, {"expand[0]": "customer"}),
    "/v1/customers": (None, dict, {"name": "Ana"}),
    "/v1/customers/<customer_id>": (customer, dict, {"name": "Ana"}),
    "/v1/disputes/<dispute_id>": (dispute, dict, {"metadata[a]": "b"}),
    "/v1/disputes/<dispute_id>/close": (dispute, dict, {"expand[0]": "charge"}),
    "/v1/payment_intents": (None, lambda _: MONEY, {"amount": "501"}),
    "/v1/payment_intents/<intent_id>/cancel": (intent, dict, {"cancellation_reason": "abandoned"}),
    "/v1/payment_intents/<intent_id>/confirm": (
        intent,
        lambda _: {"payment_method": "pm_card_visa"},
        {"payment_method": "pm_card_amex"},
    ),
    "/v1/payment_methods/<method_id>/attach": (
        lambda _: "pm_card_visa",
        lambda e: {"customer": customer(e)},
        {"customer": "cus_other"},
    ),
    "/v1/payment_methods/<method_id>/detach": (method, dict, {"expand[0]": "customer"}),
    "/v1/payouts": (lambda e: e.fund(), lambda _: MONEY, {"amount": "501"}),
    "/v1/payouts/<payout_id>": (payout, dict, {"metadata[a]": "b"}),
    "/v1/payouts/<payout_id>/cancel": (payout, dict, {"expand[0]": "destination"}),
    "/v1/refunds": (None, lambda e: {"charge": charge(e), "amount": "500"}, {"amount": "501"}),
    "/v1/refunds/<refund_id>": (refund, dict, {"metadata[a]": "b"}),
    "/v1/setup_intents": (None, dict, {"description": "x"}),
    "/v1/setup_intents/<setup_id>/cancel": (setup, dict, {"cancellation_reason": "abandoned"}),
    "/v1/setup_intents/<setup_id>/confirm": (
        setup,
        lambda _: {"payment_method": "pm_card_visa"},
        {"payment_method": "pm_card_amex"},
    ),
    "/v1/transfers": (None, lambda e: MONEY | {"destination": account(e)}, {"amount": "501"}),
    "/v1/transfers/<transfer_id>": (transfer, dict, {"description": "x"}),
    "/v1/transfers/<transfer_id>/reversals": (transfer, lambda _: {"amount": "500"}, {"amount": "501"}),
    "/v2/core/account_links": (
        None,
        lambda e: {"account": e.recipient().id, "use_case": USE},
        {"account": "acct_other"},
    ),
    "/v2/core/accounts": (None, dict, {"display_name": "Ana"}),
    "/v2/core/accounts/<account_id>": (lambda e: e.recipient().id, dict, {"display_name": "Ana"}),
}
ADDRESSES = [endpoint.address for resource in RESOURCES for endpoint in resource.endpoints if endpoint.method == "POST"]


class Request:
    """One request that can be made again and again with its key."""

    def __init__(self, emulator, address):
        subject, params, self.other = EXAMPLES[address]
        object_id = subject(emulator) if subject else ""
        self.emulator = emulator
        self.is_v2 = address.startswith("/v2/")
        self.path = re.sub("<.*>", str(object_id), address)
        self.params = {} if params is dict else params(emulator)
        emulator.stripe().balance.retrieve()  # whatever is due by now is done

    def make(self, **more):
        body = {("json" if self.is_v2 else "data"): self.params | more}
        return self.emulator.raw("POST", self.path, headers={"Idempotency-Key": "key:1"}, **body)

    def world(self):
        """Everything that the emulator knows, but for its answers."""
        with self.emulator.world.store.transaction() as rows:
            return [tuple(row) for row in rows.rows("SELECT id, body FROM objects ORDER BY seq")]


@pytest.fixture
def request_(emulator, address):
    return Request(emulator, address)


every = pytest.mark.parametrize("address", ADDRESSES)


def test_there_is_an_example_for_every_endpoint():
    assert set(EXAMPLES) == set(ADDRESSES)


@every
def test_a_repeated_request_does_nothing_and_answers_the_same(request_):
    first = request_.make()
    assert first.status_code == 200, first.text
    before = request_.world()
    again = request_.make()
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert request_.world() == before


@every
def test_a_key_with_other_parameters_is_refused(request_):
    assert request_.make().status_code == 200
    before = request_.world()
    refused = request_.make(**request_.other)
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "idempotency_error")
    assert request_.world() == before


@every
def test_a_lost_answer_is_given_again(request_, faults):
    faults.force(RequestFault.TIMEOUT_AFTER_COMMIT)
    with pytest.raises(httpx.TransportError):
        request_.make()
    before = request_.world()
    assert request_.make().status_code == 200
    assert request_.world() == before


@every
@pytest.mark.parametrize(
    ("fault", "status"),
    [(RequestFault.ERROR_BEFORE, 500), (RequestFault.RATE_LIMIT, 429), (RequestFault.CONFLICT, 409)],
)
def test_a_request_that_failed_before_its_work_can_be_made_again(request_, faults, fault, status):
    before = request_.world()
    faults.force(fault)
    assert request_.make().status_code == status
    assert request_.world() == before
    assert request_.make().status_code == 200


@every
def test_a_saved_500_is_replayed_by_v1_and_done_again_by_v2(request_, faults):
    before = request_.world()
    faults.force(RequestFault.SAVED_ERROR)
    assert request_.make().status_code == 500
    assert request_.world() == before
    assert request_.make().status_code == (200 if request_.is_v2 else 500)


@every
def test_a_500_after_the_work_hides_it_in_v1_and_not_in_v2(request_, faults):
    before = request_.world()
    faults.force(RequestFault.SAVED_ERROR_AFTER)
    assert request_.make().status_code == 500
    after = request_.world()
    assert after != before
    assert request_.make().status_code == (200 if request_.is_v2 else 500)
    assert request_.world() == after
