"""Payment methods: a card, for one payment or saved with a customer. Its number is not kept, only what it does."""

from marketplace.stripe_emulator.card_entry import Entered
from marketplace.stripe_emulator.cards import CARDS, TOKENS, Card
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.errors import CardDeclined, NotPossible
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import choice, shape, text
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("payment_methods")
NO_DETAILS = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
_KIND = choice("card")
_LIST = list_params(customer=text(), type=_KIND)
_OF_CUSTOMER = list_params(type=_KIND)
_ATTACH = shape(("customer",), customer=text())


@resource.get("/payment_methods/<method_id>")
def retrieve(work: Work, _params: Json, method_id: str) -> Json:
    return work.get("payment_method", method_id)


@resource.get("/payment_methods")
def list_methods(work: Work, params: Json) -> Json:
    return page(work, "payment_method", "/v1/payment_methods", _LIST(params, ""), _is_saved)


@resource.get("/customers/<customer_id>/payment_methods")
def list_of_customer(work: Work, params: Json, customer_id: str) -> Json:
    wanted = _OF_CUSTOMER(params, "") | {"customer": work.get("customer", customer_id)["id"]}
    return page(work, "payment_method", f"/v1/customers/{customer_id}/payment_methods", wanted)


@resource.get("/customers/<customer_id>/payment_methods/<method_id>")
def retrieve_of_customer(work: Work, _params: Json, customer_id: str, method_id: str) -> Json:
    customer = work.get("customer", customer_id)
    return checked_owner(work.get("payment_method", method_id), customer["id"])


@resource.post("/payment_methods/<method_id>/attach")
def attach(work: Work, params: Json, method_id: str) -> Json:
    """Save without asking the owner. A card that is always declined cannot be saved."""
    customer = work.get("customer", _ATTACH(params, "")["customer"], param="customer")
    method = named(work, method_id)
    check_unused(method)
    if method["customer"] not in {None, customer["id"]}:
        raise NotPossible("The payment method you provided has already been attached to a customer.")
    card = card_of(method)
    if card.decline and not card.can_be_saved:
        raise CardDeclined(card.decline.error())
    return save_with(work, method, customer["id"], is_set_up=False)


@resource.post("/payment_methods/<method_id>/detach")
def detach(work: Work, _params: Json, method_id: str) -> Json:
    """Forget the card. It can never be used again."""
    method = work.get("payment_method", method_id)
    before = method["customer"]
    if before is None:
        raise NotPossible("The payment method you provided is not attached to a customer so detachment is impossible.")
    work.change(method, customer=None, _is_used=True)
    events.record(work, "payment_method.detached", method, previous={"customer": before})
    return method


def create(work: Work, entered: Entered) -> Json:
    """A card that is not saved with anybody."""
    return work.add(_build(work, entered))


def named(work: Work, method_id: str) -> Json:
    """The payment method that a parameter names: an existing one, or `pm_card_...`, which stands for a new one."""
    if card := TOKENS.get(method_id):
        return create(work, Entered(card, 12, work.date.year + 2))
    return work.get("payment_method", method_id, param="payment_method")


def card_of(method: Json) -> Card:
    """What this card does: the test card with its fingerprint."""
    return _BY_FINGERPRINT[method["card"]["fingerprint"]]


def is_expired(work: Work, method: Json) -> bool:
    return (method["card"]["exp_year"], method["card"]["exp_month"]) < (work.date.year, work.date.month)


def check_unused(method: Json) -> None:
    """Raises NotPossible: a card that was used without being saved, or was forgotten, cannot be used again."""
    if method["_is_used"] and method["customer"] is None:
        raise NotPossible(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was "
            "detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must "
            "attach it to a Customer first."
        )


def checked_owner(method: Json, customer_id: str | None) -> Json:
    """The method, if it is saved with this customer. Raises NotPossible."""
    if method["customer"] is None or method["customer"] != customer_id:
        raise NotPossible(
            f"The customer does not have a payment method with the ID {method['id']}. The payment method must be "
            "attached to the customer.",
            code="resource_missing",
            param="payment_method",
        )
    return method


def save_with(work: Work, method: Json, customer_id: str, *, is_set_up: bool) -> Json:
    """Keep the card with the customer; `is_set_up`: its owner has agreed to payments in their absence."""
    was_saved = _is_saved(method)
    work.change(method, customer=customer_id, _is_set_up=is_set_up or method["_is_set_up"])
    if not was_saved:
        events.record(work, "payment_method.attached", method)
    return method


def _is_saved(method: Json) -> bool:
    return method["customer"] is not None


_BY_FINGERPRINT = {card.fingerprint: card for card in CARDS.values()}


def _build(work: Work, entered: Entered) -> Json:
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": NO_DETAILS,
        "card": _card(entered),
        "created": work.now,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
        "_is_set_up": False,
        "_is_used": False,
    }


def _card(entered: Entered) -> Json:
    card = entered.card
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "display_brand": "american_express" if card.brand == "amex" else card.brand,
        "exp_month": entered.exp_month,
        "exp_year": entered.exp_year,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
        "three_d_secure_usage": {"supported": card.brand != "amex"},
        "wallet": None,
    }
