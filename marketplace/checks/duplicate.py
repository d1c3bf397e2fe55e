"""The same person twice from one agency. The index is the caller's; here its answer becomes a result."""

from marketplace.checks.result import Code, Result, failed, passed, unknown


def own_duplicate(found: bool | None) -> Result:  # noqa: FBT001  # the one thing that is said
    """Found in the agency's own recent leads: failed; not found: passed; not looked: unknown."""
    if found is None:
        return unknown("duplicate")
    if found:
        return failed("duplicate", Code.DUPLICATE_OWN, method="index")
    return passed("duplicate", method="index")
