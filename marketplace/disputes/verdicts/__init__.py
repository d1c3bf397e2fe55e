"""Disputes that decide themselves: by what was found, by the other side's silence, or because nobody decided in time.

The rules are published with their ids; every such verdict lists those that applied and the facts behind them.
"""

from marketplace.disputes.verdicts.clocks import SILENT, TARDY, give_time_back
from marketplace.disputes.verdicts.judging import Asked, begin, judge, open_disputes_of, take_in
from marketplace.disputes.verdicts.models import By, VerdictRow
from marketplace.disputes.verdicts.queries import Weighed, verdicts_of, weighed_by_dispute, weighed_of
from marketplace.disputes.verdicts.queue import Waiting, counts_by_reason, queue_for

__all__ = [
    "SILENT",
    "TARDY",
    "Asked",
    "By",
    "VerdictRow",
    "Waiting",
    "Weighed",
    "begin",
    "counts_by_reason",
    "give_time_back",
    "judge",
    "open_disputes_of",
    "queue_for",
    "take_in",
    "verdicts_of",
    "weighed_by_dispute",
    "weighed_of",
]
