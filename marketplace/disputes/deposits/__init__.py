"""A buyer that loses nearly all of its disputes leaves a deposit with each: returned when it is right, else kept."""

from marketplace.disputes.deposits.actions import settle, settle_due, take
from marketplace.disputes.deposits.models import DepositState, DisputeDeposit
from marketplace.disputes.deposits.queries import Demand, demand_of, of_disputes

__all__ = [
    "Demand",
    "DepositState",
    "DisputeDeposit",
    "demand_of",
    "of_disputes",
    "settle",
    "settle_due",
    "take",
]
