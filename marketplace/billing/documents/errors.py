"""How documents say no."""

from marketplace.kit.errors import Conflict
from marketplace.kit.i18n import lazy_gettext as _l


class CorrectsTooMuch(Conflict):
    """A credit note would give back more than is left of what it corrects: somebody must look."""

    code = "corrects_too_much"
    sentence = _l("This gives back more than is left of the document that it corrects.")
