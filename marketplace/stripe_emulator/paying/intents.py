"""The states of a payment intent: the will to pay an amount, through all attempts until one succeeds."""

from marketplace.stripe_emulator.declines import Decline
from marketplace.stripe_emulator.ids import new_id, random_text
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.resources import events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work


def create(work: Work, amount: int, currency: str, **details: object) -> Json:
    """A new intent over `amount` minor units; `details` are fields of the object."""
    intent = work.add(_build(work, amount, currency) | details)
    events.record(work, "payment_intent.created", intent)
    return intent


def succeed(work: Work, intent: Json, charge: Json) -> Json:
    work.change(
        intent,
        amount_received=intent["amount"],
        last_payment_error=None,
        latest_charge=charge["id"],
        next_action=None,
        payment_method=charge["payment_method"],
        status="succeeded",
    )
    events.record(work, "payment_intent.succeeded", intent)
    return intent


def refuse(work: Work, intent: Json, method: Json, decline: Decline, charge: Json | None) -> Json:
    """This attempt failed; the intent waits for another card."""
    charge_id = charge["id"] if charge else None
    work.change(
        intent,
        last_payment_error=decline.error(charge=charge_id, payment_method=public(method)),
        latest_charge=charge_id or intent["latest_charge"],
        next_action=None,
        payment_method=None,
        status="requires_payment_method",
    )
    events.record(work, "payment_intent.payment_failed", intent)
    return intent


def ask_owner(work: Work, intent: Json, method: Json, url: str, return_url: str | None) -> Json:
    """The bank wants to see the card's owner on a page of its own."""
    work.change(
        intent,
        next_action={"redirect_to_url": {"return_url": return_url, "url": url}, "type": "redirect_to_url"},
        payment_method=method["id"],
        status="requires_action",
    )
    events.record(work, "payment_intent.requires_action", intent)
    return intent


def cancel(work: Work, intent: Json, reason: str | None) -> Json:
    work.change(intent, canceled_at=work.now, cancellation_reason=reason, next_action=None, status="canceled")
    events.record(work, "payment_intent.canceled", intent)
    return intent


_NULL = (  # until something fills them
    "application",
    "application_fee_amount",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "customer",
    "description",
    "last_payment_error",
    "latest_charge",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "processing",
    "receipt_email",
    "review",
    "setup_future_usage",
    "shipping",
    "source",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)


def _build(work: Work, amount: int, currency: str) -> Json:
    intent_id = new_id("pi")
    return {
        "id": intent_id,
        "object": "payment_intent",
        **dict.fromkeys(_NULL),
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{random_text(24)}",
        "confirmation_method": "automatic",
        "created": work.now,
        "currency": currency,
        "livemode": False,
        "metadata": {},
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }
