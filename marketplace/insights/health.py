"""Every invariant of the product, checked on one snapshot: for the command and for the runs that are kept."""

from marketplace import billing, ledger, orders
from marketplace.kit import invariants
from marketplace.kit.invariants import Finding

_ALL = (*ledger.INVARIANTS, *orders.INVARIANTS, *billing.INVARIANTS)
INVARIANTS = tuple(sorted(_ALL, key=lambda each: (each.code[0], int(each.code[1:]))))


def run_checks() -> list[Finding]:
    """How each invariant stands now. One that holds has no rows."""
    return invariants.run(INVARIANTS)
