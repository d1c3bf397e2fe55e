"""Are sales reported? A running test of each buyer of leads that are paid by the sale, from what quality knows.

A lead enters once, at a fixed age, with the chance of a sale that a calibrated model gave it when it came. Leads
without such a chance are left out, and a buyer of whom nothing else is known is never flagged.
"""

from marketplace.quality.reporting.actions import enter_due, restart
from marketplace.quality.reporting.models import ReportNight, ReportTest, TestedLead
from marketplace.quality.reporting.queries import nights_of, test_of, tests_for, unreported_of
from marketplace.quality.reporting.rules import LIMITS

__all__ = [
    "LIMITS",
    "ReportNight",
    "ReportTest",
    "TestedLead",
    "enter_due",
    "nights_of",
    "restart",
    "test_of",
    "tests_for",
    "unreported_of",
]
