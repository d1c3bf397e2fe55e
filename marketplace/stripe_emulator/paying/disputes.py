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
REST = "dispute.rest"
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
#: evidence that decides by itself, as in Stripe's sandboxes: a chargeback, and an inquiry
VERDICTS = {"winning_evidence": "win", "losing_evidence": "lose"}
ASKED_VERDICTS = {"winning_evidence": "rest", "escalate_inquiry_evidence": "escalate"}
#: where evidence is waited for, and where it brings the case
_ASKING = ("warning_needs_response", "warning_under_review")
_ANSWERED = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}


def open_by_card(work: Work, charge_id: str) -> None:
    """The owner of a card that always does so takes the payment back, unless it was refunded meanwhile."""
    charge = work.known(charge_id)
    card = card_of(work.known(charge["payment_method"]))
    if card.disputes and is_disputable(charge):
        (inquire if card.is_asked_about else open_one)(work, charge, card.disputes)


def is_disputable(charge: Json) -> bool:
    return charge["status"] == "succeeded" and not charge["disputed"] and charge["amount_refunded"] < charge["amount"]


def open_one(work: Work, charge: Json, reason: str) -> Json:
    """Take what is left of the payment, and a fee, out of our balance until the case is decided."""
    dispute = _add(work, charge, _build(work, charge, reason))
    _withdraw(work, dispute)
    return dispute


def inquire(work: Work, charge: Json, reason: str) -> Json:
    """The bank asks about what is left of the payment, and takes nothing; what it never takes back rests in the end."""
    dispute = _add(work, charge, _build(work, charge, reason) | {"status": "warning_needs_response"})
    _set_stage(work, dispute, "inquiry", is_refundable=True)
    work.later(work.now + work.world.delays.rest, REST, dispute["id"])
    return dispute


def escalate(work: Work, dispute: Json) -> Json:
    """The bank was not content: it takes the payment back, and wants evidence once more."""
    if dispute["status"] not in _ASKING:
        raise NotPossible(f"Only an open inquiry can be escalated: this one is {dispute['status']}.")
    due = {"due_by": work.now + work.world.delays.response}
    work.change(dispute, status="needs_response", evidence_details=dispute["evidence_details"] | due)
    _set_stage(work, dispute, "chargeback", is_refundable=False)
    work.later(due["due_by"], DUE, dispute["id"])
    events.record(work, "charge.dispute.updated", dispute)
    _withdraw(work, dispute)
    return dispute


def rest(work: Work, dispute: Json) -> Json:
    """The bank asks no more, and has taken nothing."""
    if dispute["status"] in _ASKING:
        work.change(dispute, status="warning_closed")
        events.record(work, "charge.dispute.closed", dispute)
    return dispute


def rest_in_time(work: Work, dispute_id: str) -> None:
    """The bank has asked, and done nothing since."""
    rest(work, work.known(dispute_id))


def _add(work: Work, charge: Json, built: Json) -> Json:
    dispute = work.add(built)
    work.change(charge, disputed=True, _dispute=dispute["id"])
    events.record(work, "charge.dispute.created", dispute)
    work.later(dispute["evidence_details"]["due_by"], DUE, dispute["id"])
    return dispute


def _withdraw(work: Work, dispute: Json) -> None:
    source = dispute | {"description": f"Chargeback withdrawal for {dispute['charge']}"}
    booked = balance_transactions.book(work, "adjustment", source, -dispute["amount"], fee=FEE)
    work.change(dispute, balance_transactions=[public(booked)])
    events.record(work, "charge.dispute.funds_withdrawn", dispute)


def _set_stage(work: Work, dispute: Json, case_type: str, *, is_refundable: bool) -> None:
    details = dispute["payment_method_details"]
    card = details["card"] | {"case_type": case_type}
    work.change(dispute, payment_method_details=details | {"card": card}, is_charge_refundable=is_refundable)


def answer(work: Work, dispute: Json, given: Json) -> Json:
    """Add to the evidence, and submit it unless it is only to be kept. Raises NotPossible when it is too late."""
    if dispute["status"] not in _ANSWERED:
        raise NotPossible("This dispute is not awaiting a response: evidence can no longer be changed.")
    details = dispute["evidence_details"] | {"has_evidence": True}
    work.change(dispute, evidence=dispute["evidence"] | given["evidence"], evidence_details=details)
    if given.get("submit", True):
        details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
        work.change(dispute, status=_ANSWERED[dispute["status"]], evidence_details=details)
        if _verdict(dispute):
            work.later(work.now + work.world.delays.verdict, DECIDE, dispute["id"])
    events.record(work, "charge.dispute.updated", dispute)
    return dispute


def decide(work: Work, dispute_id: str) -> None:
    """The bank believes the evidence that decides by itself."""
    dispute = work.known(dispute_id)
    verdict = _verdict(dispute)
    if verdict:
        {"win": win, "lose": lose, "rest": rest, "escalate": escalate}[verdict](work, dispute)


def _verdict(dispute: Json) -> str | None:
    verdicts = {"under_review": VERDICTS, "warning_under_review": ASKED_VERDICTS}.get(dispute["status"], {})
    return verdicts.get(dispute["evidence"]["uncategorized_text"])


def let_pass(work: Work, dispute_id: str) -> None:
    """Nobody answered in time."""
    dispute = work.known(dispute_id)
    details = dispute["evidence_details"]
    if dispute["status"] in _ANSWERED and details["due_by"] <= work.now:  # an escalated one has another date
        work.change(dispute, evidence_details=details | {"past_due": True})
        if dispute["status"] == "needs_response":
            lose(work, dispute)


def win(work: Work, dispute: Json) -> Json:
    """The money comes back, the fee does not."""
    _check_open(dispute)
    description = f"Chargeback reversal for {dispute['charge']}"
    booked = balance_transactions.book(work, "adjustment", dispute | {"description": description}, dispute["amount"])
    both = [*dispute["balance_transactions"], public(booked)]
    work.change(dispute, balance_transactions=both, status="won", is_charge_refundable=True)
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


def _build(work: Work, charge: Json, reason: str) -> Json:
    brand = charge["payment_method_details"]["card"]["brand"]
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"] - charge["amount_refunded"],
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
