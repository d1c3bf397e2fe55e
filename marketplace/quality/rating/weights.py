"""How much one outcome counts: fresh ones more than old ones, and no buyer more than a fifth of the whole."""

from collections.abc import Sequence

HALF_LIFE_DAYS = 180.0
MOST_OF_ONE = 0.2
ALWAYS_KEPT = 5.0
_ROUNDS, _NEAR = 200, 1e-12


def decay(age_days: float) -> float:
    """1 today, a half after 180 days."""
    return float(0.5 ** (age_days / HALF_LIFE_DAYS))


def cap(weights: Sequence[float]) -> float:
    """The most that one group of linked buyers keeps: the largest c with c = max(5, share of the capped total).

    weights: the whole weight of each group. The share is 20 %, or an equal part when there are fewer than five groups.
    """
    if not weights:
        return ALWAYS_KEPT
    share = max(MOST_OF_ONE, 1 / len(weights))
    found = sum(weights)  # from above, so that the largest fixed point is met first
    for _ in range(_ROUNDS):
        new = max(ALWAYS_KEPT, share * sum(min(weight, found) for weight in weights))
        if found - new <= _NEAR * found:
            return new
        found = new
    return found
