"""The states of a checkout session: a page for one payment or one card to save, open until that is done or too late."""

from marketplace.stripe_emulator.ids import random_text
from marketplace.stripe_emulator.paying import intents, setups
from marketplace.stripe_emulator.resources import customers, events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

EXPIRE = "checkout.session.expire"


def open_one(work: Work, given: Json, items: list[Json], expires_at: int) -> Json:
    """A new session as the parameters describe it; without items it saves a card."""
    session = _build(work, given, items, expires_at)
    if not items:
        details = given.get("setup_intent_data", {})
        asks = session["payment_method_options"]["card"]["request_three_d_secure"]
        session["setup_intent"] = setups.create(work, asks, customer=session["customer"], **details)["id"]
    work.add(session)
    work.later(expires_at, EXPIRE, session["id"])
    return session


def intent_of(work: Work, session: Json) -> Json | None:
    """What the session has of a payment intent or a setup intent by now."""
    intent_id = session["payment_intent"] or session["setup_intent"]
    return work.known(intent_id) if intent_id else None


def intent_to_try(work: Work, session: Json) -> Json:
    """The session's intent. One for a payment is made with the first attempt to pay."""
    found = intent_of(work, session)
    if found:
        return found
    details = session["_intent"]
    if details.get("setup_future_usage") and not session["customer"]:
        work.change(session, customer=customers.add(work, {"email": session["customer_email"]})["id"])
    intent = intents.create(
        work,
        session["amount_total"],
        session["currency"],
        customer=session["customer"],
        payment_method_options=session["payment_method_options"],
        **details,
    )
    work.change(session, payment_intent=intent["id"])
    return intent


def complete(work: Work, session: Json) -> Json:
    """The payment has succeeded, or the card is saved."""
    customer = work.known(session["customer"]) if session["customer"] else {}
    details = {
        "address": customer.get("address"),
        "business_name": None,
        "email": customer.get("email") or session["customer_email"],
        "individual_name": None,
        "name": customer.get("name"),
        "phone": customer.get("phone"),
        "tax_exempt": "none",
        "tax_ids": [],
    }
    paid = "paid" if session["mode"] == "payment" else session["payment_status"]
    work.change(session, customer_details=details, payment_status=paid, status="complete", url=None)
    events.record(work, "checkout.session.completed", session)
    return session


def expire_in_time(work: Work, session_id: str) -> None:
    session = work.known(session_id)
    if session["status"] == "open":
        close(work, session)


def close(work: Work, session: Json) -> Json:
    if session["payment_intent"]:
        intents.cancel(work, work.known(session["payment_intent"]), "automatic")
    if session["setup_intent"]:
        setups.cancel(work, work.known(session["setup_intent"]), "abandoned")
    work.change(session, status="expired", url=None)
    events.record(work, "checkout.session.expired", session)
    return session


_NULL = (  # until something fills them
    "after_expiration",
    "allow_promotion_codes",
    "billing_address_collection",
    "client_secret",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer_details",
    "invoice",
    "payment_intent",
    "payment_link",
    "payment_method_configuration_details",
    "recovered_from",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "subscription",
)


def _build(work: Work, given: Json, items: list[Json], expires_at: int) -> Json:
    session_id = f"cs_test_{random_text(58)}"
    total = sum(item["amount_total"] for item in items) if items else None
    asks = given.get("payment_method_options", {}).get("card", {}).get("request_three_d_secure", "automatic")
    return {
        "id": session_id,
        "object": "checkout.session",
        **dict.fromkeys(_NULL),
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "created": work.now,
        "currency": items[0]["currency"] if items else given.get("currency"),
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer": given.get("customer"),
        "customer_creation": None if "customer" in given else given.get("customer_creation", "if_required"),
        "customer_email": given.get("customer_email"),
        "discounts": [],
        "expires_at": expires_at,
        "livemode": False,
        "locale": given.get("locale"),
        "metadata": given.get("metadata", {}),
        "mode": given["mode"],
        "payment_method_collection": "if_required" if items else "always",
        "payment_method_options": {"card": {"request_three_d_secure": asks}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid" if items else "no_payment_required",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": given.get("submit_type"),
        "success_url": given["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if items else None,
        "ui_mode": "hosted_page",
        "url": f"{work.world.public_url}/c/pay/{session_id}",
        "_intent": given.get("payment_intent_data", {}),
        "_line_items": items,
    }
