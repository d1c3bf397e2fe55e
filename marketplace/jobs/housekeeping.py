"""What is only needed for a while is dropped: counters of tries, idempotency keys."""

from marketplace.jobs.app import job
from marketplace.kit import idempotency, limits
from marketplace.kit.db import transaction


@job("jobs.forget_old", every="17 3 * * *")
def forget_old() -> None:
    with transaction():
        limits.forget_old()
        idempotency.forget_old()
