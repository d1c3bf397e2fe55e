"""Transfers to connected accounts, and their reversals."""

import pytest
import stripe

from marketplace.stripe_emulator import RequestFault


@pytest.fixture
def agency(emulator):
    emulator.fund()
    return emulator.onboarded()


def transactions(emulator, account=None):
    options = {"stripe_account": account} if account else {}
    found = emulator.stripe().balance_transactions.list({"limit": 100}, options).data
    return [(booked.type, booked.net, booked.source) for booked in reversed(found)]


def reverse(emulator, transfer, **params):
    return emulator.stripe().transfers.reversals.create(transfer.id, params)


def test_a_transfer_moves_money_from_our_balance_to_theirs_at_once(emulator, agency):
    before = emulator.balance()["usd"][1]
    made = emulator.transfer(agency, metadata={"payout": "7"}, transfer_group="weekly:9", description="June")
    assert (made.amount, made.destination, made.metadata["payout"], made.reversed) == (8_100, agency, "7", False)
    assert emulator.balance()["usd"] == (0, before - 8_100)
    assert emulator.balance(agency) == {"usd": (0, 8_100)}
    assert transactions(emulator)[-1] == ("transfer", -8_100, made.id)
    assert transactions(emulator, agency) == [("payment", 8_100, made.destination_payment)]
    assert emulator.kinds()[-1] == "transfer.created"
    payment = emulator.stripe().charges.retrieve(made.destination_payment, {}, {"stripe_account": agency})
    assert (payment.amount, payment.source_transfer, payment.transfer_group) == (8_100, made.id, "weekly:9")


def test_more_than_is_available_is_not_transferred(emulator, agency):
    available = emulator.balance()["usd"][1]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.transfer(agency, amount=available + 1)
    assert (refusal.value.http_status, refusal.value.code) == (400, "balance_insufficient")
    assert emulator.balance()["usd"][1] == available
    assert emulator.transfer(agency, amount=available).amount == available
    assert emulator.balance()["usd"][1] == 0


def test_pending_money_and_other_currencies_cannot_be_transferred(emulator, agency):
    emulator.transfer(agency, amount=emulator.balance()["usd"][1])
    emulator.paid(amount=50_000)
    emulator.settle()
    assert emulator.balance()["usd"] == (48_520, 0)
    for currency in ("usd", "eur"):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            emulator.transfer(agency, amount=1, currency=currency)
        assert refusal.value.code == "balance_insufficient"
    emulator.clock.advance(days=2)
    assert emulator.transfer(agency, amount=48_520).amount == 48_520


def test_nothing_is_transferred_to_an_account_that_may_not_receive(emulator, agency):
    new, refused = emulator.recipient().id, emulator.onboarded(bank="000999999991")
    emulator.control.pause(agency)
    for account in (new, refused, agency):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            emulator.transfer(account)
        assert refusal.value.code == "insufficient_capabilities_for_transfer"
    for nobody in ("acct_unknown", emulator.stripe().customers.create({}).id):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            emulator.transfer(nobody)
        assert (refusal.value.code, refusal.value.param) == ("resource_missing", "destination")
    assert emulator.stripe().transfers.list().data == []
    emulator.control.resume(agency)
    assert emulator.transfer(agency).id


def test_transfers_are_found_by_destination_and_group(emulator, agency):
    other = emulator.onboarded()
    first = emulator.transfer(agency, amount=100, transfer_group="a").id
    second = emulator.transfer(other, amount=100, transfer_group="a", metadata={"call": "9"}).id
    third = emulator.transfer(agency, amount=100, transfer_group="b").id

    def found(**params):
        return [transfer.id for transfer in emulator.stripe().transfers.list(params).data]

    assert found(transfer_group="a") == [second, first]
    assert found(destination=agency) == [third, first]
    assert found(destination=agency, transfer_group="a") == [first]
    walked = emulator.stripe().transfers.list({"limit": 1}).auto_paging_iter()
    assert [transfer.id for transfer in walked if transfer.metadata.to_dict() == {"call": "9"}] == [second]


def test_a_transfer_can_be_marked_later(emulator, agency):
    made = emulator.transfer(agency, metadata={"a": "1", "b": "2"})
    changed = emulator.stripe().transfers.update(made.id, {"metadata": {"a": "", "c": "3"}, "description": "x"})
    assert (changed.metadata.to_dict(), changed.description) == ({"b": "2", "c": "3"}, "x")
    assert emulator.kinds()[-1] == "transfer.updated"


def test_a_key_makes_one_transfer(emulator, agency, faults):
    faults.force(RequestFault.TIMEOUT_AFTER_COMMIT, on="POST /v1/transfers")
    with pytest.raises(stripe.APIConnectionError):
        emulator.transfer(agency, options={"idempotency_key": "payout:1"})
    assert emulator.transfer(agency, options={"idempotency_key": "payout:1"}).amount == 8_100
    assert emulator.balance(agency) == {"usd": (0, 8_100)}
    with pytest.raises(stripe.IdempotencyError):
        emulator.transfer(agency, amount=8_101, options={"idempotency_key": "payout:1"})


def test_a_refused_transfer_is_remembered_by_its_key(emulator, agency):
    available, options = emulator.balance()["usd"][1], {"idempotency_key": "payout:1"}
    with pytest.raises(stripe.InvalidRequestError):
        emulator.transfer(agency, amount=available + 1, options=options)
    emulator.fund()
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.transfer(agency, amount=available + 1, options=options)
    assert refusal.value.headers["Idempotent-Replayed"] == "true"


def test_a_reversal_brings_money_back_in_parts_until_nothing_is_left(emulator, agency):
    before = emulator.balance()["usd"][1]
    made = emulator.transfer(agency)
    first = reverse(emulator, made, amount=3_000, metadata={"call": "9"})
    assert (first.amount, first.transfer, first.metadata["call"]) == (3_000, made.id, "9")
    assert emulator.balance()["usd"][1] == before - 5_100
    assert emulator.balance(agency) == {"usd": (0, 5_100)}
    assert transactions(emulator)[-1] == ("transfer_refund", 3_000, first.id)
    assert transactions(emulator, agency)[-1] == ("payment_refund", -3_000, first.destination_payment_refund)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be greater"):
        reverse(emulator, made, amount=5_101)
    second = reverse(emulator, made)
    assert second.amount == 5_100
    whole = emulator.stripe().transfers.retrieve(made.id)
    assert (whole.reversed, whole.amount_reversed) == (True, 8_100)
    assert [reversal.id for reversal in whole.reversals.data] == [second.id, first.id]
    with pytest.raises(stripe.InvalidRequestError, match="already fully reversed"):
        reverse(emulator, made)
    assert [found.id for found in emulator.stripe().transfers.reversals.list(made.id).data] == [second.id, first.id]
    assert emulator.stripe().transfers.reversals.retrieve(made.id, first.id).amount == 3_000
    assert emulator.kinds().count("transfer.reversed") == 2


def test_money_that_has_left_the_account_cannot_be_reversed(emulator, agency):
    made = emulator.transfer(agency)
    emulator.clock.advance(days=1)
    assert emulator.balance(agency) == {"usd": (0, 0)}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        reverse(emulator, made)
    assert refusal.value.code == "balance_insufficient"
    assert emulator.stripe().transfers.retrieve(made.id).amount_reversed == 0


def test_a_reversal_is_not_found_at_another_transfer(emulator, agency):
    first, second = emulator.transfer(agency, amount=100), emulator.transfer(agency, amount=100)
    reversal = reverse(emulator, first)
    assert emulator.stripe().transfers.reversals.list(second.id).data == []
    with pytest.raises(stripe.InvalidRequestError):
        emulator.stripe().transfers.reversals.retrieve(second.id, reversal.id)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"amount": 0}, "amount"),
        ({"currency": "zzz"}, "currency"),
        ({"source_transaction": "ch_1"}, "source_transaction"),
    ],
)
def test_a_wrong_parameter_is_named(emulator, agency, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.transfer(agency, **params)
    assert refusal.value.param == param
