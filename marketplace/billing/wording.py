"""What payments, refunds and their failures are called before people."""

from collections.abc import Mapping

from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l

#: a refund's state as a word, and its tone
REFUND_STATES: Mapping[str, tuple[LazyText, str]] = {
    "asked": (_l("on its way"), ""),
    "pending": (_l("on its way"), ""),
    "succeeded": (_l("sent to the card"), "pos"),
    "failed": (_l("not sent"), "warn"),
    "bounced": (_l("came back"), "warn"),
}

_DECLINED = _l("The bank declined the card.")
_NOT_SHOWN = _l("The card's owner was not confirmed (3-D Secure).")
#: why a card did not pay, by Stripe's word; lost and stolen cards are told as any declined one
_FAILURES: Mapping[str, LazyText] = {
    "insufficient_funds": _l("There was not enough money on the card."),
    "expired_card": _l("The card has expired."),
    "incorrect_cvc": _l("The security code of the card was wrong."),
    "processing_error": _l("The card could not be processed just now."),
    "authentication_required": _NOT_SHOWN,
    "payment_intent_authentication_failure": _NOT_SHOWN,
    "amount_mismatch": _l("The payment was of another amount. We look into it."),
}


def failure_words(code: str | None) -> LazyText | str:
    """Why the last attempt to pay failed, in words; empty when none did."""
    return _FAILURES.get(code, _DECLINED) if code else ""
