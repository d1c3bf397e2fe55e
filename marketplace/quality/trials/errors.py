"""How a trial says no, and why one came to nothing."""

from collections.abc import Mapping

from marketplace.kit.errors import Conflict
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.quality.evaluation import AllGiveAway, NeverPositive, NoOrder, OneOutcomeToJudge, TooFewToLearn
from marketplace.quality.trials.rules import FEWEST_ROWS, MOST_ROWS


class WrongTrialState(Conflict):
    code = "wrong_state"
    sentence = _l("Meanwhile this trial has come to another state.")


#: by the code that is stored
FAILURES: Mapping[str, str | LazyText] = {
    "unreadable": _l("It is no table that we can read. Save it as CSV or TSV with a line of column names."),
    "too_few_rows": _l("It has fewer than %(rows)s rows: too few to learn from.", rows=FEWEST_ROWS),
    "too_many_rows": _l("It has more than %(rows)s rows. Send the newest ones.", rows=f"{MOST_ROWS:,}"),
    "no_outcome": _l("No column can be the outcome: none has between 2 and 20 different values."),
    "not_counted": _l("We cannot count with what some column holds. Leave odd columns out of the file, and send it."),
    "too_large": _l("This file is too large for us for now. Send fewer rows, or leave columns out of it."),
    "broken": _l("We could not run it. Send the file again; if it happens again, write to us."),
    "file_lost": _l("The file is no longer in our store. Send it again."),
    "left_lying": _l("It was left lying for a day, so the file was removed."),
    **{each.code: each.sentence for each in (NeverPositive, NoOrder, AllGiveAway, TooFewToLearn, OneOutcomeToJudge)},
}
