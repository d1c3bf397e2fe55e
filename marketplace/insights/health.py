"""Every invariant of the product, checked on one snapshot: for the command, the API and the page of staff."""

from marketplace import billing, ledger, orders
from marketplace.kit import invariants
from marketplace.kit.invariants import Finding
from marketplace.people import Power, Who

_ALL = (*ledger.INVARIANTS, *orders.INVARIANTS, *billing.INVARIANTS)
INVARIANTS = tuple(sorted(_ALL, key=lambda each: (each.code[0], int(each.code[1:]))))


def run_checks() -> list[Finding]:
    """How each invariant stands now. One that holds has no rows."""
    return invariants.run(INVARIANTS)


def health_for(who: Who) -> list[Finding]:
    """The same for a member of staff. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    return run_checks()
