"""Scores and ratings: how likely a lead is real and buys, how an agency and a buyer stand, what a dispute is worth.

All of it is pure but `facts`, where what became of sold leads is kept, and `scores`, where what leads were given is.
Each score says from which parts it is made, and everything that is learned is plain JSON with a version, so that an
old score can be counted again.
"""

from marketplace.quality import (
    conversion,
    disputes,
    duplicates,
    facts,
    fraud,
    fraud_signs,
    measures,
    pricing,
    rating,
    scores,
    under_reporting,
)

__all__ = [
    "conversion",
    "disputes",
    "duplicates",
    "facts",
    "fraud",
    "fraud_signs",
    "measures",
    "pricing",
    "rating",
    "scores",
    "under_reporting",
]
