"""Doubts about a buyer's reports: a flag of the test asks for proof, staff call 30 persons, two of them decide.

A flag is no penalty, and nothing follows without proof: then the buyer takes leads for a price only.
"""

from marketplace.disputes.doubts.actions import (
    answer,
    called,
    clear,
    confirm,
    contact_of,
    lift,
    open_doubt,
    propose,
    refuse,
)
from marketplace.disputes.doubts.models import Doubt, DoubtCall, DoubtFile, DoubtState, Finding
from marketplace.disputes.doubts.queries import (
    Tally,
    calls_of,
    doubt_for,
    doubts_for,
    file_for,
    files_of,
    newest_of,
    tally_of,
)

__all__ = [
    "Doubt",
    "DoubtCall",
    "DoubtFile",
    "DoubtState",
    "Finding",
    "Tally",
    "answer",
    "called",
    "calls_of",
    "clear",
    "confirm",
    "contact_of",
    "doubt_for",
    "doubts_for",
    "file_for",
    "files_of",
    "lift",
    "newest_of",
    "open_doubt",
    "propose",
    "refuse",
    "tally_of",
]
