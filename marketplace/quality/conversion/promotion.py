"""When a newer model or calibration may take over, and when a model has nothing to say at all."""

from marketplace.quality.measures import Measures

SLOPE_AT_LEAST, SLOPE_AT_MOST = 0.7, 1.4
SIGNAL_FROM = 0.52  # POLICY: what ranks hardly better than a coin is not worth showing


def may_take_over(new: Measures, old: Measures | None) -> bool:
    """Both measured on the newest outcomes that have matured, which neither has seen.

    The new one must surprise less, and its slope must lie in [.7, 1.4]; at or below 0 it would turn the order round.
    """
    if not SLOPE_AT_LEAST <= new.slope <= SLOPE_AT_MOST:
        return False
    return old is None or new.log_loss < old.log_loss


def has_signal(found: Measures) -> bool:
    """Whether the model ranks better than chance beyond doubt: else the product says "no signal" and shows no score."""
    return found.auc_low > SIGNAL_FROM
