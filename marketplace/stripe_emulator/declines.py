"""The reasons for which a card is declined, in Stripe's words."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Decline:
    code: str
    message: str
    reason: str | None = None  # Stripe's decline_code
    kind: str = "card_error"  # Stripe's type of the error

    def error(self, **more: Any) -> dict[str, Any]:
        """As Stripe tells it, with the objects concerned."""
        shown = {"code": self.code, "decline_code": self.reason, "message": self.message, "type": self.kind, **more}
        return {name: value for name, value in shown.items() if value is not None}


_DECLINED = "Your card was declined."
GENERIC = Decline("card_declined", _DECLINED, "generic_decline")
NO_FUNDS = Decline("card_declined", "Your card has insufficient funds.", "insufficient_funds")
LOST = Decline("card_declined", _DECLINED, "lost_card")
STOLEN = Decline("card_declined", _DECLINED, "stolen_card")
EXPIRED = Decline("expired_card", "Your card has expired.", "expired_card")
BAD_CVC = Decline("incorrect_cvc", "Your card’s security code is incorrect.", "incorrect_cvc")
NOT_PROCESSED = Decline(
    "processing_error", "An error occurred while processing your card. Try again in a little bit.", "processing_error"
)
OWNER_WANTED = Decline(
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
    "authentication_required",
)
OWNER_NOT_ASKED = Decline(
    "authentication_required",
    "This payment required an authentication action to complete, but `error_on_requires_action` was set.",
)
NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    kind="invalid_request_error",
)
SETUP_NOT_AUTHENTICATED = Decline(
    "setup_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    kind="invalid_request_error",
)
