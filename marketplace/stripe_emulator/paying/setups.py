"""The states of a setup intent: the will to save a card, through all attempts until one succeeds."""

from marketplace.stripe_emulator.declines import Decline
from marketplace.stripe_emulator.ids import new_id, random_text
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.resources import events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work


def create(work: Work, asks: str = "automatic", **details: object) -> Json:
    """A new setup intent; `asks` is the page's request_three_d_secure, `details` are fields of the object."""
    setup = work.add(_build(work, asks) | details)
    events.record(work, "setup_intent.created", setup)
    return setup


def succeed(work: Work, setup: Json, method: Json) -> Json:
    work.change(setup, last_setup_error=None, next_action=None, payment_method=method["id"], status="succeeded")
    events.record(work, "setup_intent.succeeded", setup)
    return setup


def refuse(work: Work, setup: Json, method: Json, decline: Decline) -> Json:
    """This attempt failed; the setup intent waits for another card."""
    work.change(
        setup,
        last_setup_error=decline.error(payment_method=public(method)),
        next_action=None,
        payment_method=None,
        status="requires_payment_method",
    )
    events.record(work, "setup_intent.setup_failed", setup)
    return setup


def ask_owner(work: Work, setup: Json, method: Json, url: str, return_url: str | None) -> Json:
    """The bank wants to see the card's owner on a page of its own."""
    work.change(
        setup,
        next_action={"redirect_to_url": {"return_url": return_url, "url": url}, "type": "redirect_to_url"},
        payment_method=method["id"],
        status="requires_action",
    )
    events.record(work, "setup_intent.requires_action", setup)
    return setup


def cancel(work: Work, setup: Json, reason: str | None) -> Json:
    work.change(setup, cancellation_reason=reason, next_action=None, status="canceled")
    events.record(work, "setup_intent.canceled", setup)
    return setup


_NULL = (  # until something fills them
    "application",
    "automatic_payment_methods",
    "cancellation_reason",
    "customer",
    "description",
    "flow_directions",
    "last_setup_error",
    "latest_attempt",
    "mandate",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "single_use_mandate",
)


def _build(work: Work, asks: str) -> Json:
    setup_id = new_id("seti")
    return {
        "id": setup_id,
        "object": "setup_intent",
        **dict.fromkeys(_NULL),
        "client_secret": f"{setup_id}_secret_{random_text(24)}",
        "created": work.now,
        "livemode": False,
        "metadata": {},
        "payment_method_options": {"card": {"mandate_options": None, "network": None, "request_three_d_secure": asks}},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "usage": "off_session",
    }
