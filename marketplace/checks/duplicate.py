"""The same person twice from one agency. The index is the caller's; here its answer becomes a result."""

from collections.abc import Sequence

from marketplace.checks.likeness import Likeness, likeness
from marketplace.checks.result import Code, Outcome, Result, failed, passed, unknown

#: the rules by which a lead is like another one
VERY_ALIKE, ALIKE = "very_alike", "alike"
_RULES = {Likeness.DUPLICATE: (Outcome.FAILED, VERY_ALIKE), Likeness.REVIEW: (Outcome.UNKNOWN, ALIKE)}

#: people of one postal code who share a first name are "perhaps" one by the thousand: something else must agree, too
_FEWEST_PARTS = 2


def own_duplicate(found: bool | None) -> Result:  # noqa: FBT001  # the one thing that is said
    """Found in the agency's own recent leads: failed; not found: passed; not looked: unknown."""
    if found is None:
        return unknown("duplicate")
    if found:
        return failed("duplicate", Code.DUPLICATE_OWN, method="index")
    return passed("duplicate", method="index")


def like_duplicate(probability: float, parts: Sequence[str], lead_id: str) -> Result | None:
    """How like the most alike of the agency's recent leads is; None where it is somebody else.

    Very likely the same person: failed, yet no reason to turn the lead down. Perhaps: unknown, for a person to look.

    Args:
        parts: which parts of the two agree, never what stands in them.
        lead_id: the other lead, of the same agency.
    """
    found = likeness(probability)
    if found not in _RULES or (found is Likeness.REVIEW and len(parts) < _FEWEST_PARTS):
        return None
    outcome, rule = _RULES[found]
    evidence = {"rule": rule, "percent": str(int(100 * probability)), "parts": ", ".join(parts), "like": lead_id}
    return Result("duplicate", outcome, None, evidence, "likeness")
