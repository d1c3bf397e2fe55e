"""How a report of an outcome is refused."""

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.i18n import lazy_gettext as _l


class OutcomeNotNext(Conflict):
    code = "outcome_not_next"
    sentence = _l("The lead cannot go there from its current stage.")


class OutcomeDiffers(Conflict):
    code = "outcome_differs"
    sentence = _l(
        "This was already reported with another amount or reason. For two sales on one day, give their times."
    )


class ToldAsSale(Conflict):
    code = "told_as_sale"
    sentence = _l("This lead is paid by the sale: report the sale, or that there was none.")


class WrongOutcome(Invalid):
    code = "wrong_outcome"
    sentence = _l("Check the fields.")
