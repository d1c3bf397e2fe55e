"""How a trial says no, and why one came to nothing."""

from collections.abc import Mapping

from marketplace.kit.errors import Conflict
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.quality.evaluation import AllGiveAway, NeverPositive, NoOrder, OneOutcomeToJudge, TooFewToLearn
from marketplace.quality.trials.rules import FEWEST_ROWS, MOST_OUTCOMES, MOST_ROWS


class WrongTrialState(Conflict):
    code = "wrong_state"
    sentence = _l("This trial has changed in the meantime. Load the page again.")


#: by the code that is stored
FAILURES: Mapping[str, str | LazyText] = {
    "unreadable": _l("We cannot read this as a table. Save it as CSV or TSV with a line of column names."),
    "too_few_rows": _l("It has fewer than %(rows)s rows: too few to learn from.", rows=FEWEST_ROWS),
    "too_many_rows": _l("It has more than %(rows)s rows. Send the newest ones.", rows=f"{MOST_ROWS:,}"),
    "no_outcome": _l(
        "No column can be the outcome: none has between 2 and %(most)s different values.", most=MOST_OUTCOMES
    ),
    "not_counted": _l(
        "We cannot calculate with what some columns hold. Leave unusual columns out and send the file again."
    ),
    "too_large": _l("This file is too large for us for now. Send fewer rows, or leave columns out of it."),
    "broken": _l("We could not run it. Send the file again; if it happens again, write to us."),
    "file_lost": _l("We no longer have the file. Send it again."),
    "left_lying": _l("Nobody came back to it for a day, so we removed the file."),
    **{each.code: each.sentence for each in (NeverPositive, NoOrder, AllGiveAway, TooFewToLearn, OneOutcomeToJudge)},
}
