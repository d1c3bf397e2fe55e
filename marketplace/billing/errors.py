"""How billing says no."""

from marketplace.kit.errors import Conflict, Forbidden, Invalid, PaymentRequired, Refusal
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import Money


class DailyCap(Invalid):
    code = "daily_cap"
    sentence = _l("A wallet takes 2,000.00 in 24 hours. Try a smaller amount, or tomorrow.")


class PaymentsAway(Refusal):
    """Stripe did not answer; nothing was charged."""

    code = "payments_unavailable"
    status = 503
    sentence = _l("The payment service does not answer. Nothing was charged. Try again in a minute.")
    retry_after = 60


class BooksRestored(PaymentsAway):
    """The database was restored: Stripe may know more than our books do, and is asked for nothing until they agree."""

    sentence = _l("Payments rest while our books are compared. Nothing was charged. Try again in some minutes.")


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


class DebtDue(PaymentRequired):
    """A buyer owes us what its bank took back: until that is repaid it buys nothing, and nothing goes to its cards."""

    code = "debt_due"
    sentence = _l("You owe us money that your bank took back. Your next top-up repays it first. Then you can go on.")


class NotRefundable(Conflict):
    """More is wanted back than can go to cards: too old, taken back by the bank, or sent back already."""

    code = "not_refundable"
    sentence = _l("At most %(most)s can go back to a card now. Money of old or contested payments cannot.")

    def __init__(self, most: Money) -> None:
        self.most = most
        super().__init__(str(self.sentence) % {"most": most})


class NeverMade(Refusal):
    """A call whose outcome was not known was looked for in time: Stripe never did it."""

    code = "never_made"
    status = 409
    sentence = _l("The payment service never got this. Nothing was moved. Start again.")


class UnknownProposal(Invalid):
    code = "unknown_proposal"
    sentence = _l("This cannot be proposed.")


class TooMuchForTwo(Forbidden):
    code = "over_limit"
    sentence = _l("Two members of staff may give up to 1,000.00. More than that cannot be booked by hand.")


class OwnProposal(Forbidden):
    code = "own_proposal"
    sentence = _l("Another member of staff must decide this: it is your own proposal, or your own organisation.")


class AlreadyProposed(Conflict):
    code = "already_proposed"
    sentence = _l("The same was proposed already and waits for a second person.")


class UnknownOwner(Invalid):
    code = "unknown_owner"
    sentence = _l("There is no such agency or buyer.")


class ProposalEnded(Conflict):
    code = "proposal_ended"
    sentence = _l("This was decided already.")


class NotAdjustable(Invalid):
    code = "not_adjustable"
    sentence = _l("Choose two different accounts, and for an account of a party its agency or buyer.")


class NothingOwed(Conflict):
    code = "nothing_owed"
    sentence = _l("That much is not owed. Look at the balance first.")


class NotReversible(Conflict):
    code = "not_reversible"
    sentence = _l("Only entries that were made by hand can be undone by hand.")


class AnswerOver(Conflict):
    code = "answer_over"
    sentence = _l("The bank takes one answer, while it still asks for it.")


class WrongCharge(Exception):
    """Stripe's accounting does not fit the payment: nothing is booked, somebody must look."""


class StrangeMoney(Exception):
    """Money of ours was moved at Stripe by somebody else: nothing is booked, somebody must look."""


class BadSignature(Refusal):
    code = "bad_signature"
    status = 400
    sentence = _l("The signature of this event does not fit.")
