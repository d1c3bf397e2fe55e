"""How a second look is refused."""

from marketplace.kit.errors import Conflict, Invalid, NotFound
from marketplace.kit.i18n import lazy_gettext as _l


class NotDrawn(NotFound):
    sentence = _l("This decision was not picked for a second look.")


class Reviewed(Conflict):
    code = "reviewed"
    sentence = _l("Someone has already looked at this decision.")


class WrongReview(Invalid):
    code = "wrong_review"
    sentence = _l("All, half, a quarter or nothing goes back; for a deposit, all or nothing.")
