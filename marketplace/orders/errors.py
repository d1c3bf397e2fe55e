"""How a purchase is refused. The codes are those that the database functions of the purchase raise."""

from sqlalchemy.exc import DBAPIError

from marketplace.billing.errors import DebtDue
from marketplace.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.idempotency import IdempotencyConflict
from marketplace.ledger import Overdrawn, refusal_of
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
    sentence = _l("You have bought this lead already. It is in your inbox.")


class OwnLead(Forbidden):
    code = "own_lead"
    sentence = _l("This lead comes from your own side. It cannot be bought by you.")


class NotVerified(Forbidden):
    code = "not_verified"
    sentence = _l("Leads of this trade are sold to verified buyers only. Ask for verification first.")


class TrialLimit(Forbidden):
    code = "not_verified"
    sentence = _l("Until you are verified you can buy 5 leads and spend 100.00 in 24 hours.")


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
    sentence = _l("Only money of an order that went to the agency can be taken back, and no more than went there.")


class OrderFrozen(Conflict):
    code = "order_frozen"
    sentence = _l("The buyer's bank takes a payment back. Until that is settled nothing of this order moves.")


class OverMaximum(Conflict):
    code = "price_changed"
    sentence = _l("Together they cost more than the total you agreed to. Nothing was bought.")


class TooLittle(Invalid):
    code = "too_little"
    sentence = _l("Together with your wallet this is too little for the lead. Look at the price again.")


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
