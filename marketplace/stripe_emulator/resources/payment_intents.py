"""Payment intents: the will to pay an amount, through all attempts until one succeeds."""

from marketplace.stripe_emulator.cards import Decline
from marketplace.stripe_emulator.ids import new_id, random_text
from marketplace.stripe_emulator.lists import list_params, page
from marketplace.stripe_emulator.params import text
from marketplace.stripe_emulator.present import public
from marketplace.stripe_emulator.resource import Resource
from marketplace.stripe_emulator.resources import events
from marketplace.stripe_emulator.search import search
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("payment_intents")
_LIST = list_params(customer=text())
_SEARCHABLE = frozenset({"amount", "created", "currency", "customer", "status"})


@resource.get("/payment_intents/search")
def search_intents(work: Work, params: Json) -> Json:
    return search(work, "payment_intent", "/v1/payment_intents/search", _SEARCHABLE, params)


@resource.get("/payment_intents/<intent_id>")
def retrieve(work: Work, _params: Json, intent_id: str) -> Json:
    return work.get("payment_intent", intent_id)


@resource.get("/payment_intents")
def list_intents(work: Work, params: Json) -> Json:
    return page(work, "payment_intent", "/v1/payment_intents", _LIST(params, ""))


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
    error = {
        "charge": charge["id"] if charge else None,
        "code": decline.code,
        "decline_code": decline.reason,
        "message": decline.message,
        "payment_method": public(method),
        "type": "card_error" if charge else "invalid_request_error",
    }
    work.change(
        intent,
        last_payment_error={name: value for name, value in error.items() if value is not None},
        latest_charge=charge["id"] if charge else intent["latest_charge"],
        next_action=None,
        payment_method=None,
        status="requires_payment_method",
    )
    events.record(work, "payment_intent.payment_failed", intent)
    return intent


def ask_owner(work: Work, intent: Json, method: Json, url: str, return_url: str) -> Json:
    """The bank wants to see the card's owner on a page of its own."""
    work.change(
        intent,
        next_action={"redirect_to_url": {"return_url": return_url, "url": url}, "type": "redirect_to_url"},
        payment_method=method["id"],
        status="requires_action",
    )
    events.record(work, "payment_intent.requires_action", intent)
    return intent


def cancel(work: Work, intent: Json, reason: str) -> Json:
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
