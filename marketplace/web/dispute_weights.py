"""What was found out about a disputed lead, and what it adds up to, as its parties read it."""

from typing import Any

from marketplace.disputes import Dispute, findings, verdicts
from marketplace.disputes.verdicts.wording import rule_in_words, told_findings, told_parts


def weighed(dispute: Dispute) -> dict[str, Any]:
    """For a dispute that was found for the reader."""
    found, opinion = findings.findings_of(dispute), findings.opinion_of(dispute)
    verdict = verdicts.verdicts_of([dispute.id]).get(dispute.id)
    return {
        "opinion": opinion,
        "findings": told_findings(found),
        "parts": told_parts(opinion, found) if opinion else [],
        "verdict_row": verdict,
        "rule_words": [rule_in_words(rule) for rule in verdict.rules] if verdict else [],
    }
