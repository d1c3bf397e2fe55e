"""The ways in which scores and ratings say no."""

from marketplace.kit.errors import Refusal
from marketplace.kit.i18n import lazy_gettext as _l


class KnownLater(Refusal):
    """A score may use what is known when the lead comes in, and nothing that becomes known afterwards."""

    code = "column_known_later"
    status = 422
    sentence = _l("These columns become known only later, so a score must not use them.")


class TooFewOutcomes(Refusal):
    code = "too_few_outcomes"
    status = 422
    sentence = _l("There are too few outcomes of both kinds to learn from.")
