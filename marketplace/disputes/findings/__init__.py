"""What is found out about a disputed lead, by us and by the parties, and what it adds up to.

Each finding says present, absent or unknown; `absent` only where the check was really run. Together with the records
of both sides they make the probability that the dispute is right, with its parts.
"""

from marketplace.disputes.findings.collecting import (
    ASKED,
    BY_LETTER,
    NOBODY_ASKED,
    ask_about_line,
    case_of,
    collect,
    is_waited_for,
    note,
    note_line,
    note_offered,
    unsay_letter,
)
from marketplace.disputes.findings.lines import (
    DemoLines,
    Line,
    LineProvider,
    Unanswered,
    line_provider,
    use_lines,
)
from marketplace.disputes.findings.models import FindingRow, OpinionRow, Source
from marketplace.disputes.findings.queries import (
    findings_by_dispute,
    findings_of,
    opinions_of,
    without_opinion,
)
from marketplace.disputes.findings.sources import Case, Look
from marketplace.disputes.findings.trust import Trust, trust_of
from marketplace.disputes.findings.weighing import found_in, leave_queue, weigh, weigh_anew

__all__ = [
    "ASKED",
    "BY_LETTER",
    "NOBODY_ASKED",
    "Case",
    "DemoLines",
    "FindingRow",
    "Line",
    "LineProvider",
    "Look",
    "OpinionRow",
    "Source",
    "Trust",
    "Unanswered",
    "ask_about_line",
    "case_of",
    "collect",
    "findings_by_dispute",
    "findings_of",
    "found_in",
    "is_waited_for",
    "leave_queue",
    "line_provider",
    "note",
    "note_line",
    "note_offered",
    "opinions_of",
    "trust_of",
    "unsay_letter",
    "use_lines",
    "weigh",
    "weigh_anew",
    "without_opinion",
]
