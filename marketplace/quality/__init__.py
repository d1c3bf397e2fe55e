"""Scores and ratings: how likely a lead is real and buys, how an agency and a buyer stand, what a dispute is worth.

Pure so far: no tables, no clock. Each score says from which parts it is made, and everything that is learned is plain
JSON with a version, so that an old score can be counted again.
"""

from marketplace.quality import (
    conversion,
    disputes,
    duplicates,
    fraud,
    fraud_signs,
    measures,
    pricing,
    rating,
    under_reporting,
)

__all__ = [
    "conversion",
    "disputes",
    "duplicates",
    "fraud",
    "fraud_signs",
    "measures",
    "pricing",
    "rating",
    "under_reporting",
]
