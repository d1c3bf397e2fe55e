"""Pure decisions about deposits: how much, and when they end which way."""

from datetime import datetime

from marketplace.disputes.deposits.models import DepositState
from marketplace.disputes.models import Appeal, AppealState, Dispute, DisputeState
from marketplace.kit.money import share

#: a tenth of the price, at least one unit of money, never more than the price
PART_BP, LEAST_CENTS = 1_000, 100


def deposit_of(price_cents: int) -> int:
    """What is left with a dispute over so much, in minor units."""
    return min(price_cents, max(LEAST_CENTS, share(price_cents, PART_BP)))


def end_of(dispute: Dispute, mine: Appeal | None, now: datetime) -> DepositState | None:
    """How a deposit ends now; None while that is open. mine: the buyer's appeal, if there is one.

    It is kept only when the dispute was rejected for good.
    """
    if dispute.is_open:
        return None
    if dispute.state != DisputeState.REJECTED:
        return DepositState.RETURNED
    if mine and mine.state == AppealState.WON:
        return DepositState.RETURNED
    if mine:
        return None if mine.is_open else DepositState.FORFEITED
    is_over = dispute.appeal_until is None or dispute.appeal_until <= now
    return DepositState.FORFEITED if is_over else None
