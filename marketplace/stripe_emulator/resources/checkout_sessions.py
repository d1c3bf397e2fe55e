"""Checkout sessions: a page for one purchase, or for one card to save."""

from marketplace.stripe_emulator.paying import sessions
from marketplace.stripe_emulator.protocol.errors import InvalidParameter, NotPossible
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import choice, currency, integer, many, metadata, shape, text, url
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources.line_items import build_line_items
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import DAY, Work

resource = Resource("checkout_sessions")
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
    setup_future_usage=choice("off_session", "on_session"),
    statement_descriptor_suffix=text(22),
    transfer_group=text(),
)
_CREATE = shape(
    ("mode", "success_url"),
    cancel_url=url(),
    client_reference_id=text(200),
    currency=currency(),
    customer=text(),
    customer_creation=choice("always", "if_required"),
    customer_email=text(800),
    expires_at=integer(),
    line_items=many(_ITEM),
    locale=text(10),
    metadata=metadata(),
    mode=choice("payment", "setup"),
    payment_intent_data=_INTENT,
    payment_method_options=shape(card=shape(request_three_d_secure=choice("any", "automatic", "challenge"))),
    payment_method_types=many(choice("card")),
    setup_intent_data=shape(description=text(1000), metadata=metadata()),
    submit_type=choice("auto", "book", "donate", "pay"),
    success_url=url(),
    ui_mode=choice("hosted_page"),
)
#: parameters that belong to one mode only
_ONLY_IN = {"line_items": "payment", "payment_intent_data": "payment", "submit_type": "payment"}
_ONLY_IN |= {"setup_intent_data": "setup"}
_LIST = list_params(
    customer=text(),
    payment_intent=text(),
    status=choice("complete", "expired", "open"),
)


@resource.post("/checkout/sessions")
def create(work: Work, params: Json) -> Json:
    given = _CREATE(params, "")
    _check_mode(given)
    if "customer" in given:
        work.get("customer", given["customer"], param="customer")
    expires_at = _checked_expiry(given, work.now)
    items = build_line_items(work, given.get("line_items", [])) if given["mode"] == "payment" else []
    _check_total(items)
    return sessions.open_one(work, given, items, expires_at)


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
    return sessions.close(work, session)


def _check_mode(given: Json) -> None:
    mode = given["mode"]
    for name, wanted in _ONLY_IN.items():
        if name in given and wanted != mode:
            raise InvalidParameter(f"You can not pass `{name}` in `{mode}` mode.", param=name)
    if mode == "setup" and not {"currency", "payment_method_types"} & given.keys():
        raise InvalidParameter(
            "You must provide `currency` in `setup` mode when `payment_method_types` is not given.",
            code="parameter_missing",
            param="currency",
        )


def _checked_expiry(given: Json, now: int) -> int:
    expires_at = int(given.get("expires_at", now + DAY))
    if not now + _SHORTEST <= expires_at <= now + DAY:
        message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation."
        raise InvalidParameter(message, param="expires_at")
    return expires_at


def _check_total(items: list[Json]) -> None:
    total: int = sum(item["amount_total"] for item in items)
    if items and total < _LEAST:
        message = f"The Checkout Session's total amount must be at least {_LEAST} in the smallest unit of its currency."
        raise InvalidParameter(message, code="amount_too_small", param="line_items")
    if total > _MOST:
        message = f"The Checkout Session's total amount must be at most {_MOST} in the smallest unit of its currency."
        raise InvalidParameter(message, code="amount_too_large", param="line_items")
