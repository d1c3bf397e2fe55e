"""Payment methods: the card that somebody paid with. Its number is not kept, only what the card does."""

from marketplace.stripe_emulator.cards import CARDS, Card, Entered
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.resource import Resource
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("payment_methods")
NO_DETAILS = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}


def create(work: Work, entered: Entered, customer: str | None) -> Json:
    return work.add(
        {
            "id": new_id("pm"),
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": NO_DETAILS,
            "card": _card(entered),
            "created": work.now,
            "customer": customer,
            "livemode": False,
            "metadata": {},
            "type": "card",
        }
    )


def card_of(method: Json) -> Card:
    """What this card does: the test card with its fingerprint."""
    return _BY_FINGERPRINT[method["card"]["fingerprint"]]


_BY_FINGERPRINT = {card.fingerprint: card for card in CARDS.values()}


@resource.get("/payment_methods/<method_id>")
def retrieve(work: Work, _params: Json, method_id: str) -> Json:
    return work.get("payment_method", method_id)


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
