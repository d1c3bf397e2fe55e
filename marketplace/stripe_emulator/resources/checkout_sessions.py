"""Checkout sessions: a payment page for one purchase, open until it is paid or its time is over."""

from marketplace.stripe_emulator.errors import InvalidParameter, NotPossible
from marketplace.stripe_emulator.ids import random_text
from marketplace.stripe_emulator.lists import list_params, page
from marketplace.stripe_emulator.params import choice, currency, integer, many, metadata, shape, text, url
from marketplace.stripe_emulator.resource import Resource
from marketplace.stripe_emulator.resources import events, payment_intents
from marketplace.stripe_emulator.resources.line_items import build_line_items
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import DAY, Work

resource = Resource("checkout_sessions")
EXPIRE = "checkout.session.expire"
_SHORTEST = 1800
_LEAST, _MOST = 50, 99_999_999  # minor units that Stripe takes

_PRODUCT = shape(("name",), name=text(250), description=text(), metadata=metadata())
_PRICE = shape(
    ("currency", "product_data", "unit_amount"),
    currency=currency(),
    product_data=_PRODUCT,
    unit_amount=integer(0, _MOST),
)
_ITEM = shape(("price_data",), price_data=_PRICE, quantity=integer(1, 999_999))
_INTENT = shape(
    description=text(1000),
    metadata=metadata(),
    receipt_email=text(),
    statement_descriptor_suffix=text(22),
    transfer_group=text(),
)
_CREATE = shape(
    ("line_items", "mode", "success_url"),
    cancel_url=url(),
    client_reference_id=text(200),
    customer=text(),
    customer_email=text(800),
    expires_at=integer(),
    line_items=many(_ITEM),
    locale=text(10),
    metadata=metadata(),
    mode=choice("payment"),
    payment_intent_data=_INTENT,
    payment_method_options=shape(card=shape(request_three_d_secure=choice("any", "automatic", "challenge"))),
    payment_method_types=many(choice("card")),
    submit_type=choice("auto", "book", "donate", "pay"),
    success_url=url(),
    ui_mode=choice("hosted_page"),
)
_LIST = list_params(customer=text(), payment_intent=text(), status=choice("complete", "expired", "open"))


@resource.post("/checkout/sessions")
def create(work: Work, params: Json) -> Json:
    given = _CREATE(params, "")
    if "customer" in given:
        work.get("customer", given["customer"], param="customer")
    expires_at = _checked_expiry(given, work.now)
    items = build_line_items(work, given["line_items"])
    session = work.add(_build(work, given, items, expires_at))
    work.later(expires_at, EXPIRE, session["id"])
    return session


@resource.get("/checkout/sessions/<session_id>")
def retrieve(work: Work, _params: Json, session_id: str) -> Json:
    return work.get("checkout.session", session_id)


@resource.get("/checkout/sessions")
def list_sessions(work: Work, params: Json) -> Json:
    return page(work, "checkout.session", "/v1/checkout/sessions", _LIST(params, ""))


@resource.post("/checkout/sessions/<session_id>/expire")
def expire(work: Work, _params: Json, session_id: str) -> Json:
    session = work.get("checkout.session", session_id)
    if session["status"] != "open":
        raise NotPossible(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{session['status']}`."
        )
    return _close(work, session)


def expire_in_time(work: Work, session_id: str) -> None:
    session = work.known(session_id)
    if session["status"] == "open":
        _close(work, session)


def complete(work: Work, session: Json) -> Json:
    """The payment has succeeded."""
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
    work.change(session, customer_details=details, payment_status="paid", status="complete", url=None)
    events.record(work, "checkout.session.completed", session)
    return session


def intent_of(work: Work, session: Json) -> Json:
    """The session's payment intent, made with the first attempt to pay."""
    if session["payment_intent"]:
        return work.known(session["payment_intent"])
    intent = payment_intents.create(
        work,
        session["amount_total"],
        session["currency"],
        customer=session["customer"],
        payment_method_options=session["payment_method_options"],
        **session["_intent"],
    )
    work.change(session, payment_intent=intent["id"])
    return intent


def _close(work: Work, session: Json) -> Json:
    if session["payment_intent"]:
        payment_intents.cancel(work, work.known(session["payment_intent"]), "automatic")
    work.change(session, status="expired", url=None)
    events.record(work, "checkout.session.expired", session)
    return session


def _checked_expiry(given: Json, now: int) -> int:
    expires_at = int(given.get("expires_at", now + DAY))
    if not now + _SHORTEST <= expires_at <= now + DAY:
        message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation."
        raise InvalidParameter(message, param="expires_at")
    return expires_at


def _checked_total(items: list[Json]) -> int:
    total: int = sum(item["amount_total"] for item in items)
    if total < _LEAST:
        message = f"The Checkout Session's total amount must be at least {_LEAST} in the smallest unit of its currency."
        raise InvalidParameter(message, code="amount_too_small", param="line_items")
    if total > _MOST:
        message = f"The Checkout Session's total amount must be at most {_MOST} in the smallest unit of its currency."
        raise InvalidParameter(message, code="amount_too_large", param="line_items")
    return total


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
    total = _checked_total(items)
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
        "currency": items[0]["currency"],
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer": given.get("customer"),
        "customer_creation": None if "customer" in given else "if_required",
        "customer_email": given.get("customer_email"),
        "discounts": [],
        "expires_at": expires_at,
        "livemode": False,
        "locale": given.get("locale"),
        "metadata": given.get("metadata", {}),
        "mode": given["mode"],
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": asks}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": given.get("submit_type"),
        "success_url": given["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{work.world.public_url}/c/pay/{session_id}",
        "_intent": given.get("payment_intent_data", {}),
        "_line_items": items,
    }
