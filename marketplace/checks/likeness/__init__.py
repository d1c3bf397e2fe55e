"""The same person twice: keys to find who may be the same, and a probability that they are."""

from marketplace.checks.likeness.compare import PARTS, agreeing
from marketplace.checks.likeness.keys import MOST_IN_BLOCK, candidates, keys_of, soundex
from marketplace.checks.likeness.model import Likeness, Matcher, likeness, matcher_from, stored_matcher
from marketplace.checks.likeness.person import Person, person_of

__all__ = [
    "MOST_IN_BLOCK",
    "PARTS",
    "Likeness",
    "Matcher",
    "Person",
    "agreeing",
    "candidates",
    "keys_of",
    "likeness",
    "matcher_from",
    "person_of",
    "soundex",
    "stored_matcher",
]
