"""What the person wrote in free words: a text that holds nothing is a sign of somebody who only had to fill a box."""

import math
from collections import Counter

from marketplace.checks.result import Outcome, Result

CHECK = "comment"
_SHORTEST = 12  # below it every honest "call me" would be empty talk
_LEAST_BITS = 2.0  # a sentence has about 4 a letter, "asdasdasdasd" 1.6


def check_free_text(text: str) -> Result | None:
    """A failed result when a text is long and says nothing (entropy of its letters below 2 bits); else None."""
    letters = [sign for sign in text.lower() if not sign.isspace()]
    if len(letters) < _SHORTEST or entropy(letters) >= _LEAST_BITS:
        return None
    return Result(CHECK, Outcome.FAILED, None, {"rule": "low_entropy"}, "entropy")


def entropy(signs: list[str]) -> float:
    """Bits a sign (Shannon)."""
    count = len(signs)
    return -sum(n / count * math.log2(n / count) for n in Counter(signs).values())
