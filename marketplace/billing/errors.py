"""How billing says no."""

from marketplace.billing.rules import MOST_A_DAY, TOGETHER
from marketplace.kit.errors import Conflict, Forbidden, Invalid, PaymentRequired, Refusal
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import InEach, Money


class DailyCap(Invalid):
    code = "daily_cap"
    sentence = _l("A wallet takes %(most)s in 24 hours. Try less, or tomorrow.", most=InEach(MOST_A_DAY))


class PaymentsAway(Refusal):
    """Stripe did not answer; nothing was charged."""

    code = "payments_unavailable"
    status = 503
    sentence = _l("The payment service is not responding. Nothing was charged. Try again in a minute.")
    retry_after = 60


class BooksRestored(PaymentsAway):
    """The database was restored: Stripe may know more than our books do, and is asked for nothing until they agree."""

    sentence = _l("Payments are paused while we check our books. Nothing was charged. Try again in a few minutes.")


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
    """A buyer owes us, in whatever currency: until that is repaid it buys nothing, and nothing goes to its cards."""

    code = "debt_due"
    sentence = _l("You owe us money. Your next top-up in the same currency repays it first; then you can go on.")


class NotRefundable(Conflict):
    """More is wanted back than can go to cards: too old, taken back by the bank, or sent back already."""

    code = "not_refundable"
    sentence = _l("At most %(most)s can go back to a card now. Money from old or disputed payments cannot.")

    def __init__(self, most: Money) -> None:
        self.most = most
        super().__init__(str(self.sentence) % {"most": most})


class NeverMade(Refusal):
    """A call whose outcome was not known was looked for in time: Stripe never did it."""

    code = "never_made"
    status = 409
    sentence = _l("The payment service never received this. No money was moved. Start again.")


class UnknownProposal(Invalid):
    code = "unknown_proposal"
    sentence = _l("This cannot be proposed.")


class TooMuchForTwo(Forbidden):
    code = "over_limit"
    sentence = _l("Two of staff may give up to %(most)s. More cannot be booked by hand.", most=InEach(TOGETHER))


class OwnProposal(Forbidden):
    code = "own_proposal"
    sentence = _l("Another member of staff must decide this: it is your own proposal, or your own organisation.")


class AlreadyProposed(Conflict):
    code = "already_proposed"
    sentence = _l("This has already been proposed and is waiting for a second person.")


class UnknownOwner(Invalid):
    code = "unknown_owner"
    sentence = _l("There is no such agency or buyer.")


class ProposalEnded(Conflict):
    code = "proposal_ended"
    sentence = _l("This has already been decided.")


class NotAdjustable(Invalid):
    code = "not_adjustable"
    sentence = _l("Choose two different accounts. If one belongs to an agency or buyer, say which.")


class NothingOwed(Conflict):
    code = "nothing_owed"
    sentence = _l("Less than that is owed. Check the balance first.")


class NotReversible(Conflict):
    code = "not_reversible"
    sentence = _l("Only entries made by hand can be reversed by hand.")


class AnswerOver(Conflict):
    code = "answer_over"
    sentence = _l("The bank accepts one answer, and only while it is waiting for it.")


class WrongCharge(Exception):
    """Stripe's accounting does not fit the payment: nothing is booked, somebody must look."""


class StrangeMoney(Exception):
    """Money of ours was moved at Stripe by somebody else: nothing is booked, somebody must look."""


class BadSignature(Refusal):
    code = "bad_signature"
    status = 400
    sentence = _l("The signature of this event is not valid.")
