"""How a try is refused."""

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.orders.attempts.rules import MOST


class WrongTime(Invalid):
    code = "wrong_time"
    sentence = _l("Check the time.")


class TooManyTries(Conflict):
    code = "too_many_tries"
    sentence = _l("You can log up to %(most)s calls for one lead.", most=MOST)
