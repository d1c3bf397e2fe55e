"""What was said and found out in a dispute, and what it adds up to, as its parties read it."""

from typing import Any

from marketplace.disputes import Dispute, verdicts
from marketplace.disputes.verdicts.wording import rule_in_words, told
from marketplace.disputes.wording import said_in


def read(dispute: Dispute) -> dict[str, Any]:
    """For a dispute that was found for the reader."""
    found = verdicts.weighed_of(dispute)
    rules = found.verdict.rules if found.verdict else []
    return {
        "said": said_in(dispute, found.verdict),
        "weighed": {**told(found), "rule_words": [rule_in_words(rule) for rule in rules]},
    }
