"""Checks of one lead: pure functions, one file a check, no tables and no network.

Each answers passed, failed or unknown with its evidence; unknown is never passed. `judge` runs them all and says
whether the lead may be sold, with every reason it found.
"""

from marketplace.checks.alike import Alike, alike_of
from marketplace.checks.connection import DATA_CENTRES
from marketplace.checks.consent import withdrawn_consent
from marketplace.checks.contact_type import ContactType, contact_type
from marketplace.checks.duplicate import like_duplicate, own_duplicate
from marketplace.checks.email import Resolver, canonical_email, check_email
from marketplace.checks.evidence import Fact, facts_of
from marketplace.checks.judge import Judgement, Policy, Reason, judge
from marketplace.checks.marks import MARKS, Mark, marks
from marketplace.checks.phone import check_phone, normalise_phone, shown_phone
from marketplace.checks.qualification import Flag, Qualification, evidence_of, qualify
from marketplace.checks.result import Code, Outcome, Result
from marketplace.checks.wording import words

__all__ = [
    "DATA_CENTRES",
    "MARKS",
    "Alike",
    "Code",
    "ContactType",
    "Fact",
    "Flag",
    "Judgement",
    "Mark",
    "Outcome",
    "Policy",
    "Qualification",
    "Reason",
    "Resolver",
    "Result",
    "alike_of",
    "canonical_email",
    "check_email",
    "check_phone",
    "contact_type",
    "evidence_of",
    "facts_of",
    "judge",
    "like_duplicate",
    "marks",
    "normalise_phone",
    "own_duplicate",
    "qualify",
    "shown_phone",
    "withdrawn_consent",
    "words",
]
