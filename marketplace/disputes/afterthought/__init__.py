"""One key decides a case, and keys are easily struck: for half a minute the author can take it back.

Until then nothing has happened: no money moves, nobody is told, and the case stands in no list. Scripts decide at once.
Nobody decides over what they have not read: a decision names the version of the case that it rests on.
"""

from marketplace.disputes.afterthought.actions import at_once, drop, fall, forget, hold, take_back
from marketplace.disputes.afterthought.errors import told
from marketplace.disputes.afterthought.queries import dropped_of, due_after, of_dispute
from marketplace.disputes.afterthought.rules import version_of

__all__ = [
    "at_once",
    "drop",
    "dropped_of",
    "due_after",
    "fall",
    "forget",
    "hold",
    "of_dispute",
    "take_back",
    "told",
    "version_of",
]
