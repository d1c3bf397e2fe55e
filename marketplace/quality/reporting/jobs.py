"""Jobs of the test of reports."""

from marketplace.jobs import job
from marketplace.kit.db import transaction
from marketplace.quality.reporting import actions

_AT_ONCE = 1_000


@job("quality.test_reports", every="52 * * * *")
def test_reports() -> None:
    """Leads that are old enough enter the tests of their buyers."""
    entered = _AT_ONCE
    while entered == _AT_ONCE:
        with transaction():
            entered = actions.enter_due(_AT_ONCE)
