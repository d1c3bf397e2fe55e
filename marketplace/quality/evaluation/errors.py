"""Why rows cannot be learned from, or judged."""

from marketplace.kit.errors import Refusal
from marketplace.kit.i18n import lazy_gettext as _l


class CannotJudge(Refusal):
    """What the others have in common."""

    code = "cannot_judge"
    status = 422


class NeverPositive(CannotJudge):
    code = "never_bought"
    sentence = _l("The outcome never has the value that means “bought”.")


class NoOrder(CannotJudge):
    code = "no_order"
    sentence = _l(
        "This is not a time column: half of its values or more are neither dates nor numbers. Choose another one, or "
        "a random part."
    )


class AllGiveAway(CannotJudge):
    code = "all_give_away"
    sentence = _l(
        "Every one of these columns gives the outcome away. Name columns that are known when the lead comes in."
    )


class TooFewToLearn(CannotJudge):
    code = "too_few"
    sentence = _l("There are too few leads to learn from: bring at least 20 that bought and 20 that did not.")


class OneOutcomeToJudge(CannotJudge):
    code = "one_outcome"
    sentence = _l("All leads that were kept apart for judging have the same outcome. Choose another split.")
