"""The same person twice: keys to find who may be the same, and a probability that they are."""

from marketplace.quality.duplicates.keys import candidates, keys_of, soundex
from marketplace.quality.duplicates.model import Likeness, Matcher, likeness, matcher_from, stored_matcher
from marketplace.quality.duplicates.person import Person, person_of

__all__ = [
    "Likeness",
    "Matcher",
    "Person",
    "candidates",
    "keys_of",
    "likeness",
    "matcher_from",
    "person_of",
    "soundex",
    "stored_matcher",
]
