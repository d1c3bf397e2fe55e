"""Jobs of prices."""

from marketplace.jobs import job
from marketplace.kit.db import transaction
from marketplace.quality.prices import counting


@job("quality.count_prices", every="*/15 * * * *")
def count_prices() -> None:
    """Usual prices every night, demand every hour; before there are any, each time."""
    with transaction():
        counting.count_due()
