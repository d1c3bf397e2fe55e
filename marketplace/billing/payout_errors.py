"""Why an agency is not paid now: each with what to do about it."""

from marketplace.billing.gateway import Recipient
from marketplace.kit.errors import Conflict, Forbidden, Invalid
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l


class NoPayoutAccount(Conflict):
    code = "payout_account_missing"
    sentence = _l("Tell Stripe first who you are and where your bank is. Then you can be paid.")


class AccountNotOpened(Conflict):
    code = "payout_account_refused"
    sentence = _l("Stripe opens no account for your organisation. Write to us, we look at it together.")


class NothingEarned(Conflict):
    code = "nothing_earned"
    sentence = _l("Nothing of yours is payable yet. It is when the window of a sale has closed.")


class PayoutTooSmall(Invalid):
    code = "payout_too_small"
    sentence = _l("A payout is at least 25.00. What is there goes out with the next one.")


class PayoutTooEarly(Conflict):
    code = "payout_too_early"
    sentence = _l("Your next payout is not due yet.")


class PayoutUnderWay(Conflict):
    code = "payout_under_way"
    sentence = _l("A payout is being sent now. The next one can be asked for when it has left.")


class PayoutsStopped(Forbidden):
    code = "payouts_stopped"
    sentence = _l("With your grade nothing is paid out until we have looked at your leads. You can write to us.")


class SweepTooLarge(Invalid):
    code = "sweep_too_large"
    sentence = _l("More than what is ours: what belongs to others, and a tenth of it as a margin, stays at Stripe.")


class SweepUnderWay(Conflict):
    code = "sweep_under_way"
    sentence = _l("A sweep of this currency is being sent now.")


class NotReversible(Conflict):
    code = "not_reversible"
    sentence = _l("Nothing of this payout can be taken back now.")


class AccountUnfit(Conflict):
    """Stripe, or we, have something against the account; `found` is how it stands at Stripe, where that was asked."""

    code = "payout_account_not_ready"
    sentence = _l("Stripe is not ready to pay you: something has still to be told or checked.")

    def __init__(self, message: str | LazyText | None = None, *, found: Recipient | None = None) -> None:
        super().__init__(message)
        self.found = found


class AccountRestricted(AccountUnfit):
    code = "payout_account_restricted"
    sentence = _l("Stripe has stopped payouts to your account. See what it wants to know, and tell it there.")


class AccountClosed(AccountUnfit):
    code = "payout_account_closed"
    sentence = _l("Your account at Stripe is closed. Write to us to open another one.")


class AccountHeld(AccountUnfit):
    code = "payout_account_held"
    sentence = _l("We are checking your account. Payouts go on when we have done that.")


class BankChanged(AccountUnfit):
    code = "payout_bank_changed"
    sentence = _l("Your bank account was changed. Payouts wait until we have checked that it was you.")


class AccountSwapped(AccountUnfit):
    code = "payout_account_swapped"
    sentence = _l("The account at Stripe is not the one that this payout was asked for.")


class NotOnRecord(AccountUnfit):
    """Stripe does not know the account any more, or not to us."""

    code = "payout_account_unknown"
    sentence = _l("Stripe does not know this account any more. Write to us.")
