"""How a try is refused."""

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.i18n import lazy_gettext as _l


class WrongTime(Invalid):
    code = "wrong_time"
    sentence = _l("Look at the time again.")


class TooManyTries(Conflict):
    code = "too_many_tries"
    sentence = _l("You can log 50 calls of one lead.")
