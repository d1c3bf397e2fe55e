"""What the person deciding has read of a dispute, as opposed to what came in later."""

import hashlib
import json
from collections.abc import Iterable

from marketplace.disputes.corrections import Correction
from marketplace.disputes.findings import FindingRow
from marketplace.disputes.models import Appeal, Dispute, Evidence


def version_of(
    dispute: Dispute,
    evidence: Iterable[Evidence],
    correction: Correction | None,
    appeals: Iterable[Appeal],
    findings: Iterable[FindingRow],
) -> str:
    """32 hex digits that change when a side says or gives something, or we find something.

    It is made of what is shown, not of moments: what was written before a page was drawn may be kept after it.
    """
    read = [
        dispute.answered_at is not None,
        sorted(str(each.id) for each in evidence),
        correction.state if correction else None,
        sorted((each.side, each.answered_at is not None) for each in appeals),
        sorted((each.evidence, each.source, each.found) for each in findings),
    ]
    return hashlib.sha256(json.dumps(read).encode()).hexdigest()[:32]
