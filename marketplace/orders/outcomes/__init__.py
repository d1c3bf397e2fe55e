"""What became of a lead at its buyer: contacted, qualified, won (and again), lost or deferred. It moves no money.

Of a lead that is paid by the sale, sales and that there was none are reported as such (`orders.sales`).
"""

from marketplace.orders.outcomes.models import REPORTED, Outcome, Stage
from marketplace.orders.outcomes.queries import (
    OutcomeLine,
    SubId,
    at_stage,
    by_sub_id,
    counts_by_stage,
    first_contact_of,
    latest_of,
    open_stages,
    outcomes_for,
    outcomes_of,
    stage_of,
    told_of,
)
from marketplace.orders.outcomes.reminding import remind_due
from marketplace.orders.outcomes.report import Told, report

__all__ = [
    "REPORTED",
    "Outcome",
    "OutcomeLine",
    "Stage",
    "SubId",
    "Told",
    "at_stage",
    "by_sub_id",
    "counts_by_stage",
    "first_contact_of",
    "latest_of",
    "open_stages",
    "outcomes_for",
    "outcomes_of",
    "remind_due",
    "report",
    "stage_of",
    "told_of",
]
