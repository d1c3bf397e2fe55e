"""How a link says no: the same for one that never was, one that is over and one that was used."""

from marketplace.kit.errors import NotFound
from marketplace.kit.i18n import lazy_gettext as _l


class NoQuestion(NotFound):
    code = "no_question"
    sentence = _l("This link has been used, has expired, or was never one of ours.")
