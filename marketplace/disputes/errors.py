"""How a dispute is refused."""

from datetime import timedelta

from marketplace.kit.errors import Conflict, Forbidden, Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.orders.attempts import LEAST_DAYS, LEAST_TRIES, Tally
from marketplace.orders.rules import APPEAL

_HOUR = timedelta(hours=1)


class AlreadyDisputed(Conflict):
    code = "already_disputed"
    sentence = _l("This order has been disputed before, and that dispute was decided.")


class NotTriedEnough(Conflict):
    code = "not_tried_enough"
    sentence = _l(
        "A person counts as not reached after %(tries)s calls on %(days)s days or more. Log your calls first.",
        tries=LEAST_TRIES,
        days=LEAST_DAYS,
    )

    @classmethod
    def after(cls, tally: Tally) -> "NotTriedEnough":
        """With the calls so far, so that the sentence says how many are missing."""
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
    sentence = _l("You can appeal a decision for %(hours)s hours. That time is over.", hours=APPEAL // _HOUR)


class AlreadyAppealed(Conflict):
    code = "already_appealed"
    sentence = _l("You have already appealed this decision. Each side may appeal once.")


class AppealClosed(Conflict):
    code = "appeal_closed"
    sentence = _l("This appeal has already been decided.")


class OwnDecision(Forbidden):
    code = "own_decision"
    sentence = _l("You took part in this decision. Someone else must decide.")


class BuyerFirst(Conflict):
    code = "buyer_first"
    sentence = _l(
        "The buyer may still get more of the price back. Decide its appeal first, or wait until it is too late for one."
    )


class WrongAppeal(Invalid):
    code = "wrong_appeal"
    sentence = _l("An appeal can only keep the decision or change it in favour of the side that appealed.")


class WrongRefund(Invalid):
    code = "wrong_refund"
    sentence = _l("Upheld gives back 100 %, partly upheld 25 or 50 %, rejected nothing.")


class WrongDeposit(WrongRefund):
    sentence = _l("A deposit goes back in full (upheld) or not at all (rejected).")


class OwnCase(Forbidden):
    code = "own_case"
    sentence = _l("You belong or belonged to a party to this dispute. Someone else must decide it.")


class WrongFile(Invalid):
    code = "wrong_file"
    sentence = _l(
        "Add a picture, a PDF, a sound or a plain text. No web pages, and no PDF that runs or carries something."
    )


class WrongReason(Invalid):
    code = "wrong_reason"
    sentence = _l("This reason does not apply to this lead.")


class EvidenceNeeded(Invalid):
    code = "evidence_needed"
    sentence = _l("This reason needs a file as evidence.")


class TooManyFiles(Conflict):
    code = "too_many_files"
    sentence = _l("These are more files than you can add here.")
