"""Payments that their payer takes back."""

import pytest
import stripe

from marketplace.stripe_emulator import RequestFault
from marketplace.stripe_emulator.protocol.errors import NotPossible

DISPUTING = "4000000000000259"


@pytest.fixture
def disputed(emulator):
    """An open dispute of the card that always has one."""
    emulator.paid(DISPUTING)
    emulator.clock.advance(seconds=7)
    [found] = emulator.stripe().disputes.list().data
    return found


def dispute(emulator, dispute_id):
    return emulator.stripe().disputes.retrieve(dispute_id)


def answer(emulator, dispute_id, text="We sent it.", **more):
    return emulator.stripe().disputes.update(dispute_id, {"evidence": {"uncategorized_text": text}, **more})


def transactions(emulator, source):
    found = emulator.stripe().balance_transactions.list({"source": source}).data
    return [(row.type, row.amount, row.fee, row.reporting_category) for row in reversed(found)]


def about(emulator, kind="charge.dispute"):
    return [name for name in emulator.kinds() if name.startswith(kind)]


def test_the_card_that_disputes_pays_first(emulator):
    charge = emulator.paid(DISPUTING).payment_intent.latest_charge
    assert charge.status == "succeeded"
    emulator.clock.advance(seconds=6)
    assert emulator.stripe().disputes.list().data == []
    assert emulator.balance() == {"usd": (2397, 0)}
    emulator.clock.advance(seconds=1)
    [found] = emulator.stripe().disputes.list({"charge": charge.id}).data
    assert (found.status, found.reason, found.amount) == ("needs_response", "fraudulent", 2500)
    assert (found.charge, found.payment_intent) == (charge.id, charge.payment_intent)
    assert emulator.stripe().charges.retrieve(charge.id).disputed is True


def test_the_money_and_a_fee_are_withdrawn_when_it_opens(emulator, disputed):
    assert transactions(emulator, disputed.id) == [("adjustment", -2500, 1500, "dispute")]
    assert emulator.balance() == {"usd": (2397, -4000)}
    [booked] = disputed.balance_transactions
    assert (booked.net, booked.fee_details[0].description) == (-4000, "Dispute fee")
    assert about(emulator) == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


def test_the_event_shows_the_dispute_as_it_was_then(emulator, disputed):
    created, withdrawn = reversed(emulator.stripe().events.list({"type": "charge.dispute.*"}).data)
    assert created.data.object["balance_transactions"] == []
    assert len(withdrawn.data.object["balance_transactions"]) == 1


def test_evidence_brings_it_before_the_bank_and_a_win_brings_the_money_back(emulator, disputed):
    under_review = answer(emulator, disputed.id, metadata={"case": "7"})
    assert (under_review.status, under_review.metadata["case"]) == ("under_review", "7")
    assert under_review.evidence_details.submission_count == 1
    emulator.control.win_dispute(disputed.id)
    assert dispute(emulator, disputed.id).status == "won"
    assert transactions(emulator, disputed.id)[1:] == [("adjustment", 2500, 0, "dispute_reversal")]
    assert emulator.balance() == {"usd": (2397, -1500)}
    assert about(emulator) == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


def test_a_lost_dispute_leaves_the_money_where_it_went(emulator, disputed):
    answer(emulator, disputed.id)
    emulator.control.lose_dispute(disputed.id)
    assert dispute(emulator, disputed.id).status == "lost"
    assert emulator.balance() == {"usd": (2397, -4000)}
    assert about(emulator)[-2:] == ["charge.dispute.updated", "charge.dispute.closed"]


@pytest.mark.parametrize(("text", "status"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_some_evidence_decides_by_itself(emulator, disputed, text, status):
    assert answer(emulator, disputed.id, text).status == "under_review"
    emulator.clock.advance(seconds=4)
    assert dispute(emulator, disputed.id).status == "under_review"
    emulator.clock.advance(seconds=1)
    assert dispute(emulator, disputed.id).status == status


def test_evidence_can_be_kept_and_submitted_later_but_not_changed_then(emulator, disputed):
    kept = answer(emulator, disputed.id, submit=False)
    assert (kept.status, kept.evidence_details.has_evidence) == ("needs_response", True)
    sent = emulator.stripe().disputes.update(disputed.id, {"evidence": {"customer_name": "Ana"}, "submit": True})
    assert (sent.status, sent.evidence.uncategorized_text, sent.evidence.customer_name) == (
        "under_review",
        "We sent it.",
        "Ana",
    )
    with pytest.raises(stripe.InvalidRequestError, match="no longer be changed"):
        answer(emulator, disputed.id, "More")
    marked = emulator.stripe().disputes.update(disputed.id, {"metadata": {"case": "7"}})
    assert (marked.status, marked.metadata["case"]) == ("under_review", "7")


def test_giving_in_is_losing(emulator, disputed):
    assert emulator.stripe().disputes.close(disputed.id).status == "lost"
    assert about(emulator)[-1] == "charge.dispute.closed"
    with pytest.raises(stripe.InvalidRequestError, match="only be closed"):
        emulator.stripe().disputes.close(disputed.id)
    with pytest.raises(NotPossible):
        emulator.control.win_dispute(disputed.id)


def test_silence_is_losing_when_the_time_is_over(emulator, disputed):
    emulator.clock.advance(days=8)
    assert dispute(emulator, disputed.id).status == "needs_response"
    emulator.clock.advance(days=1)
    late = dispute(emulator, disputed.id)
    assert (late.status, late.evidence_details.past_due) == ("lost", True)
    assert about(emulator).count("charge.dispute.closed") == 1


def test_an_answered_dispute_does_not_run_out_of_time(emulator, disputed):
    answer(emulator, disputed.id)
    emulator.clock.advance(days=30)
    assert dispute(emulator, disputed.id).status == "under_review"


def test_a_disputed_payment_cannot_be_refunded_unless_the_dispute_was_won(emulator, disputed):
    def refund():
        return emulator.stripe().refunds.create({"charge": disputed.charge})

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund()
    assert refusal.value.code == "charge_disputed"
    emulator.control.win_dispute(disputed.id)
    assert refund().status == "succeeded"


def test_a_lost_payment_cannot_be_refunded(emulator, disputed):
    emulator.control.lose_dispute(disputed.id)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.stripe().refunds.create({"payment_intent": disputed.payment_intent})
    assert refusal.value.code == "charge_disputed"


@pytest.fixture
def asked(emulator):
    """An inquiry about the payment of the card whose bank always asks first."""
    emulator.paid("4000000000001976")
    emulator.clock.advance(seconds=7)
    [found] = emulator.stripe().disputes.list().data
    return found


def test_an_inquiry_takes_nothing_and_rests_in_the_end(emulator, asked):
    assert (asked.status, asked.payment_method_details.card.case_type) == ("warning_needs_response", "inquiry")
    assert (asked.balance_transactions, asked.is_charge_refundable) == ([], True)
    emulator.clock.advance(days=9)
    late = dispute(emulator, asked.id)
    assert (late.status, late.evidence_details.past_due) == ("warning_needs_response", True)
    emulator.clock.advance(days=111)
    assert dispute(emulator, asked.id).status == "warning_closed"
    assert transactions(emulator, asked.id) == []
    assert about(emulator) == ["charge.dispute.created", "charge.dispute.closed"]


@pytest.mark.parametrize(
    ("text", "status"), [("winning_evidence", "warning_closed"), ("escalate_inquiry_evidence", "needs_response")]
)
def test_some_evidence_decides_an_inquiry(emulator, asked, text, status):
    assert answer(emulator, asked.id, text).status == "warning_under_review"
    emulator.clock.advance(seconds=5)
    assert dispute(emulator, asked.id).status == status


def test_an_escalated_inquiry_takes_the_money_and_wants_evidence_once_more(emulator, asked):
    answer(emulator, asked.id)
    emulator.clock.advance(days=5)
    emulator.control.escalate_dispute(asked.id)
    found = dispute(emulator, asked.id)
    assert (found.status, found.payment_method_details.card.case_type) == ("needs_response", "chargeback")
    assert transactions(emulator, asked.id) == [("adjustment", -2500, 1500, "dispute")]
    assert about(emulator)[-2:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]
    with pytest.raises(NotPossible):
        emulator.control.escalate_dispute(asked.id)
    emulator.clock.advance(days=8)
    assert dispute(emulator, asked.id).status == "needs_response", "it has a date of its own"
    assert answer(emulator, asked.id, "Once more.").evidence_details.submission_count == 2
    emulator.clock.advance(days=200)
    assert dispute(emulator, asked.id).status == "under_review"


def test_a_payment_that_a_bank_asks_about_can_be_refunded_and_that_ends_it(emulator, asked):
    assert emulator.stripe().refunds.create({"charge": asked.charge, "amount": 500}).status == "succeeded"
    assert dispute(emulator, asked.id).status == "warning_needs_response"
    assert emulator.stripe().refunds.create({"charge": asked.charge}).amount == 2000
    assert dispute(emulator, asked.id).status == "warning_closed"


def test_a_bank_asks_about_any_payment_by_hand(emulator):
    charge = emulator.paid().payment_intent.latest_charge.id
    emulator.settle()
    opened = emulator.control.ask_about(charge)
    assert (dispute(emulator, opened).status, dispute(emulator, opened).reason) == (
        "warning_needs_response",
        "unrecognized",
    )
    with pytest.raises(ValueError, match=charge):
        emulator.control.ask_about(charge)


def test_any_payment_can_be_disputed_by_hand_for_what_was_not_refunded(emulator):
    charge = emulator.paid().payment_intent.latest_charge.id
    emulator.settle()
    emulator.stripe().refunds.create({"charge": charge, "amount": 600})
    opened = emulator.control.open_dispute(charge, "product_not_received")
    found = dispute(emulator, opened)
    assert (found.amount, found.reason) == (1900, "product_not_received")
    with pytest.raises(ValueError, match=charge):
        emulator.control.open_dispute(charge)


def test_what_cannot_be_disputed(emulator):
    emulator.enter(emulator.checkout(), "4000000000000002")
    [failed] = emulator.stripe().charges.list().data
    refunded = emulator.paid().payment_intent.latest_charge.id
    emulator.settle()
    emulator.stripe().refunds.create({"charge": refunded})
    for charge, reason in [(failed.id, "fraudulent"), (refunded, "fraudulent"), (emulator.paid().id, "fraudulent")]:
        with pytest.raises((ValueError, LookupError)):
            emulator.control.open_dispute(charge, reason)
    with pytest.raises(ValueError, match="ch_"):
        emulator.control.open_dispute(emulator.paid().payment_intent.latest_charge.id, "bad mood")


def test_a_payment_refunded_in_time_is_not_disputed_by_its_card(emulator):
    session = emulator.paid(DISPUTING)
    emulator.settle()
    emulator.stripe().refunds.create({"payment_intent": session.payment_intent.id})
    emulator.clock.advance(days=1)
    assert emulator.stripe().disputes.list().data == []


def test_a_bank_may_warn_of_fraud(emulator):
    charge = emulator.paid("4000000000005423").payment_intent.latest_charge.id
    emulator.clock.advance(seconds=7)
    [warning] = emulator.stripe().radar.early_fraud_warnings.list({"charge": charge}).data
    assert (warning.charge, warning.actionable) == (charge, True)
    assert emulator.stripe().radar.early_fraud_warnings.retrieve(warning.id).fraud_type == "made_with_stolen_card"
    assert emulator.kinds()[-1] == "radar.early_fraud_warning.created"
    assert emulator.stripe().disputes.list().data == []


def test_an_answer_whose_confirmation_got_lost_is_given_once(emulator, disputed, faults):
    faults.force(RequestFault.TIMEOUT_AFTER_COMMIT, on=f"POST /v1/disputes/{disputed.id}")
    client, params = emulator.stripe(), {"evidence": {"customer_name": "Ana"}}
    with pytest.raises(stripe.APIConnectionError):
        client.disputes.update(disputed.id, params, {"idempotency_key": "answer:1"})
    assert client.disputes.update(disputed.id, params, {"idempotency_key": "answer:1"}).status == "under_review"
    assert about(emulator).count("charge.dispute.updated") == 1
