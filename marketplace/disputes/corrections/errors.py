"""How a correction is refused."""

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.i18n import lazy_gettext as _l


class NoTypo(Invalid):
    code = "no_typo"
    sentence = _l("This reason is not about a field that could hold a typo, or the lead has no such field.")


class AlreadyOffered(Conflict):
    code = "already_offered"
    sentence = _l("You have already offered a correction in this dispute.")


class OfferTimeOver(Conflict):
    code = "offer_time_over"
    sentence = _l("A correction can be offered only while you have time to answer. That time is over.")


class CorrectionEnded(Conflict):
    code = "correction_ended"
    sentence = _l("This correction is no longer open.")
