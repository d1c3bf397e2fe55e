"""Cards of the demo's people, and how they pay with them."""

import httpx

from marketplace import billing
from marketplace.kit.db import transaction
from marketplace.kit.money import Money
from marketplace.people import Who

GOOD = "4242424242424242"
TAKEN_BACK = "4000000000000259"


def top_up(buyer: Who, amount: Money, number: str = GOOD) -> None:
    """Pay as a person would: on the checkout page."""
    asked = billing.open_checkout(buyer, lambda: billing.ask_top_up(buyer, amount).id)
    card = {"card_number": number, "expiry": "12/34", "cvc": "123"}
    with httpx.Client(timeout=30, trust_env=False) as browser:
        browser.get(str(asked.checkout_url)).raise_for_status()
        if browser.post(str(asked.checkout_url), data=card).is_error:
            raise RuntimeError("the stand-in for Stripe refused the demo's card")
    billing.look_up_checkout(buyer, asked.id)
    with transaction():
        billing.documents.issue_receipt(asked.id)
