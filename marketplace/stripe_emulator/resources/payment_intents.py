"""Payment intents: what a program may do with them. Charges a saved card, also while its owner is away."""

from marketplace.stripe_emulator import declines
from marketplace.stripe_emulator.paying import attempts, intents
from marketplace.stripe_emulator.protocol.errors import CardDeclined, InvalidParameter, NotPossible
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import (
    boolean,
    choice,
    currency,
    either,
    integer,
    many,
    metadata,
    shape,
    text,
    url,
)
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.protocol.search import search
from marketplace.stripe_emulator.resources import payment_methods
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("payment_intents")
_LEAST, _MOST = 50, 99_999_999  # minor units that Stripe takes
_SEARCHABLE = frozenset({"amount", "created", "currency", "customer", "status"})
_CONFIRMABLE = {"requires_payment_method", "requires_confirmation"}

_LIST = list_params(customer=text())
_CARD_OPTIONS = shape(card=shape(request_three_d_secure=choice("any", "automatic", "challenge")))
_AWAY = either(choice("true", "false", "one_off", "recurring"), shape())
_CONFIRM = {
    "error_on_requires_action": boolean(),
    "off_session": _AWAY,
    "payment_method": text(),
    "return_url": url(),
}
_ONLY_WITH_CONFIRM = ("error_on_requires_action", "off_session", "return_url")
_CREATE = shape(
    ("amount", "currency"),
    amount=integer(),
    automatic_payment_methods=shape(("enabled",), enabled=boolean(), allow_redirects=choice("always", "never")),
    capture_method=choice("automatic", "automatic_async"),
    confirm=boolean(),
    currency=currency(),
    customer=text(),
    description=text(1000),
    metadata=metadata(),
    payment_method_options=_CARD_OPTIONS,
    payment_method_types=many(choice("card")),
    receipt_email=text(),
    setup_future_usage=choice("off_session", "on_session"),
    statement_descriptor_suffix=text(22),
    transfer_group=text(),
    **_CONFIRM,
)
_CONFIRM_LATER = shape(**_CONFIRM)
_CANCEL = shape(cancellation_reason=choice("abandoned", "duplicate", "fraudulent", "requested_by_customer"))
_DETAILS = (
    "automatic_payment_methods",
    "capture_method",
    "customer",
    "description",
    "metadata",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor_suffix",
    "transfer_group",
)


@resource.post("/payment_intents")
def create(work: Work, params: Json) -> Json:
    given = _CREATE(params, "")
    _check(given)
    if "customer" in given:
        work.get("customer", given["customer"], param="customer")
    details = {name: given[name] for name in _DETAILS if name in given}
    method = _method(work, given, given.get("customer"))
    intent = intents.create(work, given["amount"], given["currency"], **details)
    if requested := given.get("payment_method_options", {}).get("card", {}).get("request_three_d_secure"):
        intent["payment_method_options"]["card"]["request_three_d_secure"] = requested
    if method:
        work.change(intent, payment_method=method["id"], status="requires_confirmation")
    return _confirm(work, intent, method, given) if given.get("confirm") else intent


@resource.get("/payment_intents/search")
def search_intents(work: Work, params: Json) -> Json:
    return search(work, "payment_intent", "/v1/payment_intents/search", _SEARCHABLE, params)


@resource.get("/payment_intents/<intent_id>")
def retrieve(work: Work, _params: Json, intent_id: str) -> Json:
    return work.get("payment_intent", intent_id)


@resource.get("/payment_intents")
def list_intents(work: Work, params: Json) -> Json:
    return page(work, "payment_intent", "/v1/payment_intents", _LIST(params, ""))


@resource.post("/payment_intents/<intent_id>/confirm")
def confirm(work: Work, params: Json, intent_id: str) -> Json:
    given = _CONFIRM_LATER(params, "")
    intent = work.get("payment_intent", intent_id)
    _check_status(intent, _CONFIRMABLE, "confirm")
    named = given if "payment_method" in given else {"payment_method": intent["payment_method"]}
    return _confirm(work, intent, _method(work, named, intent["customer"]), given)


@resource.post("/payment_intents/<intent_id>/cancel")
def cancel(work: Work, params: Json, intent_id: str) -> Json:
    reason = _CANCEL(params, "").get("cancellation_reason")
    intent = work.get("payment_intent", intent_id)
    _check_status(intent, {*_CONFIRMABLE, "requires_action"}, "cancel")
    return intents.cancel(work, intent, reason)


def _confirm(work: Work, intent: Json, method: Json | None, given: Json) -> Json:
    """One attempt. Raises CardDeclined with the intent when it fails; what happened stays."""
    if not method:
        raise NotPossible(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    is_away = given.get("off_session", "false") != "false"
    requested = intent["payment_method_options"]["card"]["request_three_d_secure"]
    if is_away or not payment_methods.card_of(method).wants_owner(requested):
        return _charged(attempts.pay(work, intent, method, is_away=is_away), method)
    if given.get("error_on_requires_action"):
        return _charged(intents.refuse(work, intent, method, declines.OWNER_NOT_ASKED, None), method)
    question_url = f"{work.world.public_url}/bank/{intent['id']}"
    return intents.ask_owner(work, intent, method, question_url, given.get("return_url"))


def _charged(intent: Json, method: Json) -> Json:
    error = intent["last_payment_error"]
    if error:
        raise CardDeclined(error, payment_intent=public(intent), payment_method=public(method))
    return intent


def _method(work: Work, given: Json, customer: str | None) -> Json | None:
    """The payment method that is named, if it may be used for this customer."""
    if not given.get("payment_method"):
        return None
    method = payment_methods.named(work, given["payment_method"])
    payment_methods.check_unused(method)
    return payment_methods.checked_owner(method, customer) if method["customer"] else method


def _check(given: Json) -> None:
    amount = given["amount"]
    if amount < _LEAST:
        message = f"Amount must be at least {_LEAST} in the smallest unit of its currency."
        raise InvalidParameter(message, code="amount_too_small", param="amount")
    if amount > _MOST:
        message = f"Amount must be no more than {_MOST} in the smallest unit of its currency."
        raise InvalidParameter(message, code="amount_too_large", param="amount")
    for name in _ONLY_WITH_CONFIRM:
        if name in given and not given.get("confirm"):
            raise InvalidParameter(f"`{name}` can only be set when `confirm=true`.", param=name)


def _check_status(intent: Json, allowed: set[str], verb: str) -> None:
    if intent["status"] not in allowed:
        raise NotPossible(
            f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
