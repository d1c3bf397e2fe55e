"""Jobs of orders: what happens when a clock runs out."""

from marketplace.jobs import job
from marketplace.kit.db import transaction
from marketplace.orders import actions


@job("orders.release_due", every="* * * * *")
def release_due() -> None:
    while _one_batch():
        pass


def _one_batch() -> bool:
    with transaction():
        released = actions.release_due()
    with transaction():
        return bool(released + actions.pay_reserves())
