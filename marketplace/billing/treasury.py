"""Our own money at Stripe: what may be swept to our bank, and whether Stripe and our books agree."""

from marketplace.billing.actions.sweeps import ask_sweep
from marketplace.billing.models import Sweep, SweepState
from marketplace.billing.treasury_queries import Treasury, sweep_for, sweeps_for, treasury_for, unmatched_for

__all__ = ["Sweep", "SweepState", "Treasury", "ask_sweep", "sweep_for", "sweeps_for", "treasury_for", "unmatched_for"]
