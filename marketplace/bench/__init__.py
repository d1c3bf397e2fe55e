"""Measurements of the product itself: each with what counts as good enough beside it."""

from collections.abc import Callable, Mapping

from marketplace.bench.purchase import purchase
from marketplace.bench.rating import rate_everybody
from marketplace.bench.report import Report

__all__ = ["BENCHES", "Report", "Tell"]

#: takes one line for people
Tell = Callable[[str], None]

#: each takes for about how many seconds it shall measure (preparing comes on top), and whom to tell what it sees
BENCHES: Mapping[str, Callable[..., Report]] = {"purchase": purchase, "rating": rate_everybody}
