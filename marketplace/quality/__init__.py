"""Scores and ratings: how likely a lead is real and buys, how an agency and a buyer stand, what a dispute is worth.

All of it is pure but what is kept: `facts` what became of sold leads, `scores` what leads were given, `prices` what
they usually cost, `agencies` how agencies stand. Each score says from which parts it is made, and everything that is
learned is plain JSON with a version, so that an old score can be counted again.
"""

from marketplace.quality import (
    agencies,
    contact_times,
    conversion,
    disputes,
    duplicates,
    facts,
    fraud,
    fraud_signs,
    measures,
    prices,
    pricing,
    rating,
    reliability,
    scores,
    trials,
    under_reporting,
)
from marketplace.quality.reliability import calibration_tables

__all__ = [
    "agencies",
    "calibration_tables",
    "contact_times",
    "conversion",
    "disputes",
    "duplicates",
    "facts",
    "fraud",
    "fraud_signs",
    "measures",
    "prices",
    "pricing",
    "rating",
    "reliability",
    "scores",
    "trials",
    "under_reporting",
]
