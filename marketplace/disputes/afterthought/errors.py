"""How a decision that waits is refused, and why one did not fall."""

from collections.abc import Mapping

from marketplace.disputes.errors import AppealClosed, BuyerFirst, DisputeClosed, OwnCase, OwnDecision
from marketplace.kit.errors import Conflict, Refusal
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.orders.errors import NotDisputable, OrderFrozen


class DecisionWaits(Conflict):
    code = "decision_waits"
    sentence = _l("Someone has just decided this case.")


class DecisionFallen(Conflict):
    code = "decision_fallen"
    sentence = _l("It is too late: the decision stands, and both sides have been told.")


class NoneWaits(Conflict):
    code = "no_decision_waits"
    sentence = _l("There is nothing to take back: no decision of yours is waiting here.")


class Unread(Conflict):
    code = "decision_unread"
    sentence = _l("Something new has come in that you have not read. Read it and decide again.")


_REFUSED = (Unread, OrderFrozen, DisputeClosed, AppealClosed, BuyerFirst, OwnCase, OwnDecision, NotDisputable)
_TOLD: Mapping[str, type[Refusal]] = {each.code: each for each in _REFUSED}


def told(why: str) -> str:
    """In words why a decision did not fall. why: the code that was kept."""
    return str(_TOLD.get(why, Refusal).sentence)
