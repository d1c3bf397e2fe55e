"""How a purchase is refused. The codes are those that the database functions of the purchase raise."""

from sqlalchemy.exc import DBAPIError

from marketplace.billing.errors import DebtDue
from marketplace.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.idempotency import IdempotencyConflict
from marketplace.kit.money import InEach
from marketplace.ledger import Overdrawn, refusal_of
from marketplace.orders.rules import TRIAL
from marketplace.orders.sales.errors import CommissionDue, PrepaidOnly, ReportsOverdue, TermsChanged, TermsNotAgreed


class LeadSold(Conflict):
    code = "lead_sold"
    sentence = _l("Somebody else was faster: this lead is sold.")


class LeadNotOffered(Conflict):
    code = "lead_not_offered"
    sentence = _l("This lead is no longer on sale.")


class PriceChanged(Conflict):
    code = "price_changed"
    sentence = _l("The price has changed. Look at the new one before you buy.")


class AlreadyBought(Conflict):
    code = "already_bought"
    sentence = _l("You have already bought this lead. It is in your inbox.")


class OwnLead(Forbidden):
    code = "own_lead"
    sentence = _l("You can’t buy a lead from your own organisation or one linked to it.")


class NotVerified(Forbidden):
    code = "not_verified"
    sentence = _l("Leads in this trade are sold to verified buyers only. Ask for verification first.")


class TrialLimit(Forbidden):
    code = "not_verified"
    sentence = _l(
        "Until you are verified you can buy %(leads)s leads and spend %(most)s in 24 hours.",
        leads=TRIAL.leads,
        most=InEach(TRIAL.cents),
    )


class NotReady(Forbidden):
    code = "not_ready"
    sentence = _l("Confirm your e-mail address and accept the terms before you buy.")


class WindowClosed(Conflict):
    code = "window_closed"
    sentence = _l("The time for disputes is over. The money has gone to the agency.")


class NotDisputable(Conflict):
    code = "not_disputable"
    sentence = _l("This order cannot be disputed now.")


class NotClawedBack(Conflict):
    code = "not_clawed_back"
    sentence = _l("Only what the agency was paid for this order can be taken back.")


class OrderFrozen(Conflict):
    code = "order_frozen"
    sentence = _l("The buyer's bank has disputed a payment. This order is frozen until that is resolved.")


class OverMaximum(Conflict):
    code = "price_changed"
    sentence = _l("Together they cost more than the total you agreed to. Nothing was bought.")


class TooLittle(Invalid):
    code = "too_little"
    sentence = _l("Even with what is in your wallet, this is not enough for the lead. Check the price.")


_BY_CODE: dict[str, type[Refusal]] = {
    "not_found": NotFound,
    "lead_sold": LeadSold,
    "lead_not_offered": LeadNotOffered,
    "price_changed": PriceChanged,
    "already_bought": AlreadyBought,
    "own_lead": OwnLead,
    "not_verified": NotVerified,
    "trial_limit": TrialLimit,
    "commission_due": CommissionDue,
    "debt_due": DebtDue,
    "reports_overdue": ReportsOverdue,
    "prepaid_only": PrepaidOnly,
    "terms_changed": TermsChanged,
    "terms_not_agreed": TermsNotAgreed,
    "idempotency_conflict": IdempotencyConflict,
}


def refusal(error: DBAPIError) -> Exception:
    """The refusal that a database error of the purchase stands for, or the error itself."""
    diagnostics = getattr(error.orig, "diag", None)
    named = _BY_CODE.get(getattr(diagnostics, "message_primary", None) or "")
    return named() if named else refusal_of(error)


def word_of(why: Refusal) -> str:
    """The word under which a refused lead of several is remembered; `refusal_of_word` gives the refusal again."""
    return next((word for word, kind in _BY_WORD.items() if type(why) is kind), why.code)


def refusal_of_word(word: str) -> Refusal:
    """The refusal behind a remembered word."""
    return _BY_WORD.get(word, Refusal)()


_BY_WORD: dict[str, type[Refusal]] = {**_BY_CODE, **{kind.code: kind for kind in (Overdrawn, NotReady, Forbidden)}}
