"""How a dispute is refused."""

from marketplace.kit.errors import Conflict, Forbidden, Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.orders.attempts import LEAST_DAYS, LEAST_TRIES, Tally


class AlreadyDisputed(Conflict):
    code = "already_disputed"
    sentence = _l("This order was disputed before and the dispute was decided.")


class NotTriedEnough(Conflict):
    code = "not_tried_enough"
    sentence = _l("Somebody cannot be reached after at least 4 calls on at least 2 days. Log your calls first.")

    @classmethod
    def after(cls, tally: Tally) -> "NotTriedEnough":
        """With what is there, so that it can be told what is missing."""
        return cls(
            _(
                "Log at least %(tries)s calls without success on at least %(days)s days first. So far there are "
                "%(tries_so_far)s on %(days_so_far)s.",
                tries=LEAST_TRIES,
                days=LEAST_DAYS,
                tries_so_far=tally.tries,
                days_so_far=tally.days,
            )
        )


class DisputeClosed(Conflict):
    code = "dispute_closed"
    sentence = _l("This dispute is over.")


class NotAppealable(Conflict):
    code = "not_appealable"
    sentence = _l("There is nothing to appeal: this dispute was not decided against you.")


class AppealTimeOver(Conflict):
    code = "appeal_time_over"
    sentence = _l("A decision can be appealed for 72 hours. That time is over.")


class AlreadyAppealed(Conflict):
    code = "already_appealed"
    sentence = _l("You have appealed this decision already. Each side may do so once.")


class AppealClosed(Conflict):
    code = "appeal_closed"
    sentence = _l("This appeal is decided.")


class OwnDecision(Forbidden):
    code = "own_decision"
    sentence = _l("You had a hand in this decision. Somebody else must decide.")


class BuyerFirst(Conflict):
    code = "buyer_first"
    sentence = _l(
        "The buyer may still get more of the price back: decide its appeal first, or wait until it is too late for one."
    )


class WrongAppeal(Invalid):
    code = "wrong_appeal"
    sentence = _l("An appeal leaves the decision as it is, or changes it for the side that appealed.")


class WrongRefund(Invalid):
    code = "wrong_refund"
    sentence = _l("Upheld gives back 100 %, partly upheld 25 or 50 %, rejected nothing.")


class WrongDeposit(WrongRefund):
    sentence = _l("A deposit goes back in full (upheld) or not at all (rejected).")


class OwnCase(Forbidden):
    code = "own_case"
    sentence = _l("You belong or belonged to a party of this dispute. Another person must decide it.")


class WrongFile(Invalid):
    code = "wrong_file"
    sentence = _l(
        "Give a picture, a PDF, a sound or a plain text. No web pages, no PDF that runs or carries something."
    )


class WrongReason(Invalid):
    code = "wrong_reason"
    sentence = _l("This reason does not fit this lead.")


class EvidenceNeeded(Invalid):
    code = "evidence_needed"
    sentence = _l("This reason needs a file that shows it.")


class TooManyFiles(Conflict):
    code = "too_many_files"
    sentence = _l("A party can give 5 files to a dispute.")
