"""Why an agency is not paid now: each with what to do about it."""

from marketplace.billing.gateway import Recipient
from marketplace.billing.payout_rules import LEAST
from marketplace.kit.errors import Conflict, Forbidden, Invalid
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import InEach


class NoPayoutAccount(Conflict):
    code = "payout_account_missing"
    sentence = _l("First give Stripe your details and your bank account. Then you can be paid.")


class AccountNotOpened(Conflict):
    code = "payout_account_refused"
    sentence = _l(
        "Stripe has not opened an account for your organisation. Write to us and we will look into it together."
    )


class NothingEarned(Conflict):
    code = "nothing_earned"
    sentence = _l("You have nothing payable yet. Money becomes payable when the window of a sale closes.")


class PayoutTooSmall(Invalid):
    code = "payout_too_small"
    sentence = _l("A payout is at least %(least)s. Your balance goes out with the next one.", least=InEach(LEAST))


class PayoutTooEarly(Conflict):
    code = "payout_too_early"
    sentence = _l("Your next payout is not due yet.")


class PayoutUnderWay(Conflict):
    code = "payout_under_way"
    sentence = _l("A payout is being sent now. You can ask for the next one when it has left.")


class PayoutsStopped(Forbidden):
    code = "payouts_stopped"
    sentence = _l("With your grade, nothing is paid out until we have reviewed your leads. You can write to us.")


class SweepTooLarge(Invalid):
    code = "sweep_too_large"
    sentence = _l(
        "That is more than our own money. What belongs to others, plus a tenth of it as a margin, stays at Stripe."
    )


class SweepUnderWay(Conflict):
    code = "sweep_under_way"
    sentence = _l("A sweep in this currency is already being sent.")


class NotReversible(Conflict):
    code = "not_reversible"
    sentence = _l("No part of this payout can be taken back now.")


class AccountUnfit(Conflict):
    """Stripe, or we, have something against the account; `found` is how it stands at Stripe, where that was asked."""

    code = "payout_account_not_ready"
    sentence = _l("Stripe is not ready to pay you yet: it still needs or is checking some details.")

    def __init__(self, message: str | LazyText | None = None, *, found: Recipient | None = None) -> None:
        super().__init__(message)
        self.found = found


class AccountRestricted(AccountUnfit):
    code = "payout_account_restricted"
    sentence = _l("Stripe has stopped payouts to your account. Go to Stripe to see what it needs.")


class AccountClosed(AccountUnfit):
    code = "payout_account_closed"
    sentence = _l("Your Stripe account is closed. Write to us to open another one.")


class AccountHeld(AccountUnfit):
    code = "payout_account_held"
    sentence = _l("We are checking your account. Payouts will resume when we are done.")


class BankChanged(AccountUnfit):
    code = "payout_bank_changed"
    sentence = _l("Your bank account was changed. Payouts are on hold until we have checked that it was you.")


class AccountSwapped(AccountUnfit):
    code = "payout_account_swapped"
    sentence = _l("This is not the Stripe account that the payout was requested for.")


class NotOnRecord(AccountUnfit):
    """Stripe does not know the account any more, or not to us."""

    code = "payout_account_unknown"
    sentence = _l("Stripe no longer knows this account. Write to us.")
