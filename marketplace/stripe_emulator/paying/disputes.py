"""The life of a dispute: a card's owner takes a payment back, we answer or not, their bank decides."""

from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.errors import NotPossible
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.resources import balance_transactions, events
from marketplace.stripe_emulator.resources.payment_methods import card_of
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

DUE = "dispute.due"
DECIDE = "dispute.decide"
FEE = 1500  # minor units; Stripe keeps it whoever wins
REASONS = (
    "credit_not_processed",
    "duplicate",
    "fraudulent",
    "general",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
)
#: evidence that decides the case by itself, as in Stripe's sandboxes
VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}


def open_by_card(work: Work, charge_id: str) -> None:
    """The owner of a card that always does so takes the payment back, unless it was refunded meanwhile."""
    charge = work.known(charge_id)
    reason = card_of(work.known(charge["payment_method"])).disputes
    if reason and is_disputable(charge):
        open_one(work, charge, reason)


def is_disputable(charge: Json) -> bool:
    return charge["status"] == "succeeded" and not charge["disputed"] and charge["amount_refunded"] < charge["amount"]


def open_one(work: Work, charge: Json, reason: str) -> Json:
    """Take what is left of the payment, and a fee, out of our balance until the case is decided."""
    amount = charge["amount"] - charge["amount_refunded"]
    dispute = work.add(_build(work, charge, reason, amount))
    work.change(charge, disputed=True, _dispute=dispute["id"])
    events.record(work, "charge.dispute.created", dispute)
    description = f"Chargeback withdrawal for {charge['id']}"
    booked = balance_transactions.book(work, "adjustment", dispute | {"description": description}, -amount, fee=FEE)
    work.change(dispute, balance_transactions=[public(booked)])
    work.later(dispute["evidence_details"]["due_by"], DUE, dispute["id"])
    events.record(work, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def answer(work: Work, dispute: Json, given: Json) -> Json:
    """Add to the evidence, and submit it unless it is only to be kept. Raises NotPossible when it is too late."""
    if dispute["status"] != "needs_response":
        raise NotPossible("This dispute is not awaiting a response: evidence can no longer be changed.")
    details = dispute["evidence_details"] | {"has_evidence": True}
    work.change(dispute, evidence=dispute["evidence"] | given["evidence"], evidence_details=details)
    if given.get("submit", True):
        details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
        work.change(dispute, status="under_review", evidence_details=details)
        if dispute["evidence"]["uncategorized_text"] in VERDICTS:
            work.later(work.now + work.world.delays.verdict, DECIDE, dispute["id"])
    events.record(work, "charge.dispute.updated", dispute)
    return dispute


def decide(work: Work, dispute_id: str) -> None:
    """The bank believes the evidence that decides by itself."""
    dispute = work.known(dispute_id)
    if dispute["status"] == "under_review":
        end = {"won": win, "lost": lose}[VERDICTS[dispute["evidence"]["uncategorized_text"]]]
        end(work, dispute)


def let_pass(work: Work, dispute_id: str) -> None:
    """Nobody answered in time."""
    dispute = work.known(dispute_id)
    if dispute["status"] == "needs_response":
        work.change(dispute, evidence_details=dispute["evidence_details"] | {"past_due": True})
        lose(work, dispute)


def win(work: Work, dispute: Json) -> Json:
    """The money comes back, the fee does not."""
    _check_open(dispute)
    description = f"Chargeback reversal for {dispute['charge']}"
    booked = balance_transactions.book(work, "adjustment", dispute | {"description": description}, dispute["amount"])
    both = [*dispute["balance_transactions"], public(booked)]
    work.change(dispute, balance_transactions=both, status="won")
    events.record(work, "charge.dispute.funds_reinstated", dispute)
    events.record(work, "charge.dispute.closed", dispute)
    return dispute


def lose(work: Work, dispute: Json) -> Json:
    _check_open(dispute)
    work.change(dispute, status="lost")
    events.record(work, "charge.dispute.closed", dispute)
    return dispute


def _check_open(dispute: Json) -> None:
    if dispute["status"] not in {"needs_response", "under_review"}:
        raise NotPossible(f"This dispute is already closed: it is {dispute['status']}.")


EVIDENCE = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "shipping_address",
    "uncategorized_text",
)


def _build(work: Work, charge: Json, reason: str, amount: int) -> Json:
    brand = charge["payment_method_details"]["card"]["brand"]
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": work.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": work.now + work.world.delays.response,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {"brand": brand, "case_type": "chargeback", "network": brand, "network_reason_code": None},
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }
