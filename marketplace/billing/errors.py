"""How billing says no."""

from marketplace.kit.errors import Invalid, PaymentRequired, Refusal
from marketplace.kit.i18n import lazy_gettext as _l


class DailyCap(Invalid):
    code = "daily_cap"
    sentence = _l("A wallet takes 2,000.00 in 24 hours. Try a smaller amount, or tomorrow.")


class PaymentsAway(Refusal):
    """Stripe did not answer; nothing was charged."""

    code = "payments_unavailable"
    status = 503
    sentence = _l("The payment service does not answer. Nothing was charged. Try again in a minute.")
    retry_after = 60


class NotAtStripe(Refusal):
    """Stripe says no for good: it does not know the thing, or will not do this. Trying again is of no use."""

    code = "payment_refused"
    status = 409
    sentence = _l("The payment page could not be opened. Nothing was charged. Start again.")


class TooLittleAtStripe(NotAtStripe):
    """Our own balance at Stripe does not cover this now; the same may be asked for anew, under another key."""

    code = "balance_insufficient"


class CardDeclined(PaymentRequired):
    """The bank says no to a card. `reason` is Stripe's word for why, `payment` the payment it declined."""

    code = "card_declined"
    sentence = _l("The bank declined the card. Nothing was charged.")

    def __init__(self, reason: str = "", payment: str | None = None) -> None:
        super().__init__()
        self.reason, self.payment = reason, payment


class KeyTaken(Refusal):
    """Stripe knows the key of a call with other content, as after a change of our own code: look the object up."""

    code = "key_taken"
    status = 409


class NeverMade(Refusal):
    """A call whose outcome was not known was looked for in time: Stripe never did it."""

    code = "never_made"
    status = 409
    sentence = _l("The payment service never got this. Nothing was moved. Start again.")


class WrongCharge(Exception):
    """Stripe's accounting does not fit the payment: nothing is booked, somebody must look."""


class BadSignature(Refusal):
    code = "bad_signature"
    status = 400
    sentence = _l("The signature of this event does not fit.")
