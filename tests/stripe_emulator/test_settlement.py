import pytest
import stripe

from marketplace.stripe_emulator.resources.charges import processing_fee


def balance(emulator):
    found = emulator.stripe().balance.retrieve()
    return {
        funds.currency: (pending.amount, funds.amount)
        for funds, pending in zip(found.available, found.pending, strict=True)
    }


def refund(emulator, session, **params):
    return emulator.stripe().refunds.create({"payment_intent": session.payment_intent.id} | params)


def kinds(emulator):
    return [event.type for event in reversed(emulator.stripe().events.list({"limit": 100}).data)]


@pytest.mark.parametrize(("amount", "fee"), [(2500, 103), (10_000, 320), (50, 31), (1017, 59), (1018, 60)])
def test_the_fee_is_29_per_mille_rounded_and_30(amount, fee):
    assert processing_fee(amount) == fee


def test_the_balance_transaction_comes_later_than_the_success(emulator):
    charge = emulator.paid().payment_intent.latest_charge
    assert (charge.status, charge.captured, charge.balance_transaction) == ("succeeded", True, None)
    emulator.clock.advance(seconds=1)
    assert emulator.stripe().charges.retrieve(charge.id).balance_transaction is None
    assert balance(emulator) == {"usd": (0, 0)}
    emulator.clock.advance(seconds=1)
    settled = emulator.stripe().charges.retrieve(charge.id, {"expand": ["balance_transaction"]})
    booked = settled.balance_transaction
    assert (booked.amount, booked.fee, booked.net, booked.status) == (2500, 103, 2397, "pending")
    assert (booked.type, booked.source) == ("charge", charge.id)
    [update] = emulator.stripe().events.list({"type": "charge.updated"}).data
    assert update.data.object["balance_transaction"] == booked.id
    assert update.data.previous_attributes.to_dict() == {"balance_transaction": None}


def test_a_payment_is_told_in_stripes_order(emulator):
    emulator.paid()
    emulator.settle()
    assert kinds(emulator) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]


def test_what_happens_late_carries_its_own_time_when_the_clock_jumps(emulator):
    charge = emulator.paid().payment_intent.latest_charge
    emulator.clock.advance(days=30)
    [booked] = emulator.stripe().balance_transactions.list({"source": charge.id}).data
    assert booked.created == charge.created + 2
    assert booked.available_on == booked.created + 2 * 86_400
    assert booked.status == "available"


def test_money_is_pending_before_it_is_available_per_currency(emulator):
    emulator.paid(amount=2500)
    emulator.paid(amount=10_000, currency="eur")
    emulator.settle()
    assert balance(emulator) == {"eur": (9680, 0), "usd": (2397, 0)}
    emulator.clock.advance(days=2)
    assert balance(emulator) == {"eur": (0, 9680), "usd": (0, 2397)}


def test_one_test_cards_money_is_available_at_once(emulator):
    emulator.paid("4000000000000077")
    emulator.settle()
    assert balance(emulator) == {"usd": (0, 2397)}


def test_the_balance_is_the_sum_of_its_transactions(emulator):
    session = emulator.paid()
    emulator.paid(amount=777)
    emulator.settle()
    refund(emulator, session, amount=1000)
    emulator.clock.advance(days=3)
    rows = emulator.stripe().balance_transactions.list({"limit": 100}).data
    assert sum(row.net for row in rows) == 2397 - 1000 + 777 - processing_fee(777)
    assert balance(emulator) == {"usd": (0, sum(row.net for row in rows))}


def test_a_refund_leaves_at_once_and_keeps_the_fee(emulator):
    session = emulator.paid()
    emulator.settle()
    made = refund(emulator, session, metadata={"refund_id": "1"}, reason="requested_by_customer")
    assert (made.status, made.amount, made.metadata["refund_id"]) == ("succeeded", 2500, "1")
    booked = emulator.stripe().balance_transactions.retrieve(made.balance_transaction)
    assert (booked.amount, booked.fee, booked.net, booked.type) == (-2500, 0, -2500, "refund")
    charge = emulator.stripe().charges.retrieve(made.charge, {"expand": ["refunds"]})
    assert (charge.refunded, charge.amount_refunded) == (True, 2500)
    assert [found.id for found in charge.refunds.data] == [made.id]
    assert kinds(emulator)[-2:] == ["refund.created", "charge.refunded"]


def test_a_refund_before_the_settlement_waits_for_it(emulator):
    made = refund(emulator, emulator.paid(), amount=400)
    assert (made.status, made.pending_reason, made.balance_transaction) == ("pending", "charge_pending", None)
    emulator.settle()
    arrived = emulator.stripe().refunds.retrieve(made.id)
    assert (arrived.status, arrived.pending_reason) == ("succeeded", None)
    assert arrived.balance_transaction
    assert kinds(emulator)[-3:] == ["charge.updated", "refund.updated", "charge.refund.updated"]


def test_refunds_never_exceed_the_charge(emulator):
    session = emulator.paid()
    emulator.settle()
    refund(emulator, session, amount=2000)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        refund(emulator, session, amount=501)
    refund(emulator, session)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(emulator, session)
    assert refusal.value.code == "charge_already_refunded"
    found = emulator.stripe().refunds.list({"payment_intent": session.payment_intent.id})
    assert [made.amount for made in found.data] == [500, 2000]


def test_an_unpaid_intent_cannot_be_refunded(emulator):
    session = emulator.checkout()
    emulator.enter(session, "4000000000000002")
    [intent] = emulator.stripe().payment_intents.list().data
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        emulator.stripe().refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError, match="One of"):
        emulator.stripe().refunds.create({})


def test_a_refund_can_take_its_time(emulator):
    session = emulator.paid("4000000000007726")
    emulator.settle()
    made = refund(emulator, session)
    assert (made.status, made.pending_reason) == ("pending", "processing")
    emulator.clock.advance(seconds=5)
    assert emulator.stripe().refunds.retrieve(made.id).status == "succeeded"
    assert kinds(emulator)[-2:] == ["refund.updated", "charge.refund.updated"]


def test_a_refund_can_bounce(emulator):
    session = emulator.paid("4000000000005126")
    emulator.settle()
    made = refund(emulator, session)
    assert made.status == "succeeded"
    emulator.clock.advance(seconds=5)
    bounced = emulator.stripe().refunds.retrieve(made.id, {"expand": ["failure_balance_transaction"]})
    assert (bounced.status, bounced.failure_reason) == ("failed", "expired_or_canceled_card")
    assert bounced.failure_balance_transaction.amount == 2500
    charge = emulator.stripe().charges.retrieve(made.charge)
    assert (charge.refunded, charge.amount_refunded) == (False, 0)
    assert "refund.failed" in kinds(emulator)


def test_a_refund_that_was_still_pending_can_fail_without_touching_the_balance(emulator):
    session = emulator.paid("4000000000007726")
    emulator.settle()
    made = refund(emulator, session)
    emulator.control.fail_refund(made.id)
    failed = emulator.stripe().refunds.retrieve(made.id)
    assert (failed.status, failed.pending_reason, failed.failure_balance_transaction) == ("failed", None, None)
    emulator.clock.advance(seconds=5)
    assert emulator.stripe().refunds.retrieve(made.id).status == "failed"
    assert [row.type for row in emulator.stripe().balance_transactions.list().data] == ["charge"]
    assert emulator.stripe().charges.retrieve(made.charge).amount_refunded == 0


def test_a_refund_that_failed_before_the_settlement_is_not_sent_with_it(emulator):
    made = refund(emulator, emulator.paid())
    emulator.control.fail_refund(made.id)
    emulator.settle()
    assert emulator.stripe().refunds.retrieve(made.id).status == "failed"
    assert balance(emulator) == {"usd": (2397, 0)}


def test_a_refund_bounces_once(emulator):
    session = emulator.paid("4000000000005126")
    emulator.settle()
    made = refund(emulator, session)
    emulator.control.fail_refund(made.id)
    emulator.clock.advance(seconds=5)
    emulator.control.fail_refund(made.id)
    assert balance(emulator) == {"usd": (2397, 0)}
    assert kinds(emulator).count("refund.failed") == 1


def test_a_bounced_refund_can_be_made_again(emulator):
    session = emulator.paid()
    emulator.settle()
    emulator.control.fail_refund(refund(emulator, session).id)
    assert refund(emulator, session).status == "succeeded"


def test_a_refund_can_be_marked_later(emulator):
    session = emulator.paid()
    emulator.settle()
    made = refund(emulator, session, metadata={"a": "1"})
    changed = emulator.stripe().refunds.update(made.id, {"metadata": {"a": "", "call": "9"}})
    assert changed.metadata.to_dict() == {"call": "9"}
    assert kinds(emulator)[-2:] == ["refund.updated", "charge.refund.updated"]


def test_transactions_are_found_by_time_type_and_source(emulator):
    session = emulator.paid()
    emulator.settle()
    middle = int(emulator.clock.now().timestamp())
    emulator.clock.advance(hours=1)
    made = refund(emulator, session, amount=500)

    def found(**params):
        return [row.type for row in emulator.stripe().balance_transactions.list(params).data]

    assert found() == ["refund", "charge"]
    assert found(type="charge") == ["charge"]
    assert found(source=made.id) == ["refund"]
    assert found(created={"gt": middle}) == ["refund"]
    assert found(created={"lte": middle}) == ["charge"]
    assert found(currency="eur") == []
