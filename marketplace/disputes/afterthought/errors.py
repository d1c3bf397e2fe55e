"""How a decision that waits is refused."""

from marketplace.kit.errors import Conflict
from marketplace.kit.i18n import lazy_gettext as _l


class DecisionWaits(Conflict):
    code = "decision_waits"
    sentence = _l("Somebody has just decided this case.")


class DecisionFallen(Conflict):
    code = "decision_fallen"
    sentence = _l("It is too late: the decision stands, and both sides have been told.")
