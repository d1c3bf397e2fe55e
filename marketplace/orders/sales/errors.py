"""How reporting and paying by the sale says no."""

from marketplace.kit.errors import Conflict, Forbidden, Invalid, PaymentRequired
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import Money
from marketplace.orders.sales.rules import CORRECTABLE, GRACE


class TermsChanged(Conflict):
    code = "price_changed"
    sentence = _l("The terms have changed. Look at the new ones before you agree to them.")


class TermsNotAgreed(Conflict):
    code = "terms_not_agreed"
    sentence = _l(
        "This lead is paid by the sale. Look at its terms, and send their version (`terms_version`) to agree to them."
    )


class CommissionDue(PaymentRequired):
    code = "commission_due"
    sentence = _l(
        "A commission has been due for more than %(days)s days. Pay it, and you can buy again.", days=GRACE.days
    )


class ReportsOverdue(Forbidden):
    code = "reports_overdue"
    sentence = _l("Your reports on leads paid by the sale are overdue. Until you send them, you buy by the lead only.")


class NotPerSale(Conflict):
    code = "not_per_sale"
    sentence = _l("This lead was bought for a price. Its sales need no report.")


class NotReportable(Conflict):
    code = "not_reportable"
    sentence = _l("No sale can be reported for this order now.")


class SaleDiffers(Conflict):
    code = "sale_differs"
    sentence = _l("This reference was already reported with other facts. Correct that sale, or use another reference.")


class FirstSaleKnown(Conflict):
    code = "first_sale_known"
    sentence = _l("The first sale of this lead has already been reported. Report this one as a repeat sale.")


class RepeatOver(Conflict):
    code = "repeat_over"
    sentence = _l("Under the agreed terms, no commission is due on this sale. There is nothing to report.")


class ReversalOver(Conflict):
    code = "reversal_over"
    sentence = _l("The time for returns is over. The commission stays with the agency.")


class SaleContested(Conflict):
    code = "sale_contested"
    sentence = _l("The agency has contested this sale. Staff decide; nothing changes until then.")


class SaleChanged(Conflict):
    """What the agency would agree to is not what it has read."""

    code = "sale_changed"
    sentence = _l("The buyer has since corrected this sale to %(amount)s. Check it before you agree.")

    def __init__(self, amount: Money) -> None:
        self.amount = amount
        super().__init__(str(self.sentence) % {"amount": amount})


class CorrectionsOver(Conflict):
    code = "corrections_over"
    sentence = _l(
        "Until the agency has answered a report, it can be corrected for %(days)s days. Wait for its answer.",
        days=CORRECTABLE.days,
    )


class SaleClosed(Conflict):
    code = "sale_closed"
    sentence = _l("This sale was taken back. Report it again if it was one.")


class AnswerOver(Conflict):
    code = "answer_over"
    sentence = _l("The time to contest this is over.")


class PrepaidOnly(Forbidden):
    code = "prepaid_only"
    sentence = _l("You can buy leads for a price only: unreported sales were proven. Your sales page says more.")


class NoClaimNow(Conflict):
    code = "no_claim_now"
    sentence = _l("You cannot report now that there was no sale.")


class NotInAudit(Conflict):
    code = "not_in_audit"
    sentence = _l("There is nothing left to decide here.")


class OwnAudit(Forbidden):
    code = "own_case"
    sentence = _l("You belong to one of the two sides. Someone else must decide this.")


class WrongMoment(Conflict):
    code = "wrong_moment"
    sentence = _l("This cannot be done in the order's current state.")


class WrongSale(Invalid):
    code = "wrong_sale"
