"""Jobs of orders: what happens when a clock runs out."""

from collections.abc import Callable

from marketplace.jobs import job
from marketplace.kit.db import transaction
from marketplace.orders.actions.release import Sweep, pay_reserves
from marketplace.orders.actions.release import release_due as release_some


@job("orders.release_due", every="* * * * *")
def release_due() -> None:
    _sweep(release_some)
    _sweep(pay_reserves)


def _sweep(step: Callable[[Sweep], Sweep | None]) -> None:
    """Take one batch after the other, each in a transaction of its own."""
    reached: Sweep | None = Sweep()
    while reached:
        with transaction():
            reached = step(reached)
