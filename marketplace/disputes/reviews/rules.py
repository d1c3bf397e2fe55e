"""Pure decisions about second looks: which are drawn, and when the guideline is to be written anew."""

ONE_IN = 10
#: below this agreement beyond chance the guideline does not say what to do
REWRITTEN_BELOW = 0.4
#: with fewer pairs the figure says nothing yet
LEAST = 10


def is_drawn(digest: bytes) -> bool:
    """Whether one in ten falls on this decision. digest: keyed, so that nobody knows before, or can steer it."""
    return int.from_bytes(digest[:4]) % ONE_IN == 0


def is_guideline_poor(kappa: float | None, count: int) -> bool:
    return kappa is not None and count >= LEAST and kappa < REWRITTEN_BELOW
