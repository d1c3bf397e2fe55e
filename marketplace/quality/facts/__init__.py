"""What became of every lead that was sold, as far as quality needs it: told by the features that see it happen.

One row a purchase (`SoldLead`), and one for each of them that staff call for (`LeadAudit`). Whoever tells says what is
the case now; the same told twice, or late, changes nothing.
"""

from marketplace.quality.facts.actions import due, one_at_a_time, tell
from marketplace.quality.facts.models import AuditState, Finding, LeadAudit, SoldLead, Stage, is_bad, is_told
from marketplace.quality.facts.told import Sold
from marketplace.quality.facts.weights import HEARD, weight_of_audit

__all__ = [
    "HEARD",
    "AuditState",
    "Finding",
    "LeadAudit",
    "Sold",
    "SoldLead",
    "Stage",
    "due",
    "is_bad",
    "is_told",
    "one_at_a_time",
    "tell",
    "weight_of_audit",
]
