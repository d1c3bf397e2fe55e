"""Charges: one attempt to take money from a card. Its balance transaction comes later than its success."""

from marketplace.stripe_emulator.declines import Decline
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import text
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import balance_transactions, events, refunds
from marketplace.stripe_emulator.resources.payment_methods import card_of
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("charges")
SETTLE = "charge.settle"
DISPUTE = "charge.dispute"
WARN = "charge.warn"
_LIST = list_params(customer=text(), payment_intent=text())


def succeed(work: Work, intent: Json, method: Json, *, is_authenticated: bool) -> Json:
    charge = _build(work, intent, method, is_authenticated=is_authenticated)
    charge |= {
        "amount_captured": intent["amount"],
        "captured": True,
        "outcome": _outcome("approved_by_network", None, "Payment complete.", "authorized"),
        "paid": True,
        "status": "succeeded",
    }
    work.add(charge)
    work.later(work.now + work.world.delays.capture, SETTLE, charge["id"])
    events.record(work, "charge.succeeded", charge)
    return charge


def fail(work: Work, intent: Json, method: Json, decline: Decline) -> Json:
    charge = _build(work, intent, method, is_authenticated=False)
    charge |= {
        "failure_code": decline.code,
        "failure_message": decline.message,
        "outcome": _outcome("declined_by_network", decline.reason, "The bank declined the payment.", "issuer_declined"),
        "status": "failed",
    }
    work.add(charge)
    events.record(work, "charge.failed", charge)
    return charge


def settle(work: Work, charge_id: str) -> None:
    """The capture has gone through: the money, less the fee of 2.9 % + 30, is on its way into the balance."""
    charge = work.known(charge_id)
    card = card_of(work.known(charge["payment_method"]))
    fee = processing_fee(charge["amount"])
    booked = balance_transactions.book(work, "charge", charge, charge["amount"], fee=fee, at_once=card.is_paid_at_once)
    work.change(charge, balance_transaction=booked["id"])
    events.record(work, "charge.updated", charge, previous={"balance_transaction": None})
    for refund_id in charge["_refunds"]:
        refunds.send(work, work.known(refund_id))
    if card.disputes:
        work.later(work.now + work.world.delays.dispute, DISPUTE, charge_id)
    if card.is_reported:
        work.later(work.now + work.world.delays.dispute, WARN, charge_id)


def processing_fee(amount: int) -> int:
    """2.9 %, rounded half up, and 30, all in minor units."""
    return (amount * 29 + 500) // 1000 + 30


@resource.get("/charges/<charge_id>")
def retrieve(work: Work, _params: Json, charge_id: str) -> Json:
    return work.get("charge", charge_id)


@resource.get("/charges")
def list_charges(work: Work, params: Json) -> Json:
    return page(work, "charge", "/v1/charges", _LIST(params, ""))


def _outcome(network_status: str, reason: str | None, message: str, kind: str) -> Json:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": network_status,
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": message,
        "type": kind,
    }


NULL = (  # until something fills them
    "application",
    "application_fee",
    "application_fee_amount",
    "balance_transaction",
    "failure_balance_transaction",
    "failure_code",
    "failure_message",
    "on_behalf_of",
    "outcome",
    "receipt_number",
    "receipt_url",
    "review",
    "shipping",
    "source_transfer",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
)


def _build(work: Work, intent: Json, method: Json, *, is_authenticated: bool) -> Json:
    return {
        "id": new_id("ch"),
        "object": "charge",
        **dict.fromkeys(NULL),
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "FAIRLEAD TEST",
        "captured": False,
        "created": work.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": _card_details(intent, method, is_authenticated), "type": "card"},
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "status": "pending",
        "transfer_group": intent["transfer_group"],
        "_refunds": [],
    }


def _card_details(intent: Json, method: Json, is_authenticated: bool) -> Json:  # noqa: FBT001
    kept = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    return {name: method["card"][name] for name in kept} | {
        "amount_authorized": intent["amount"],
        "installments": None,
        "mandate": None,
        "network": method["card"]["brand"],
        "three_d_secure": _authenticated() if is_authenticated else None,
    }


def _authenticated() -> Json:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": new_id("3ds"),
        "version": "2.2.0",
    }
