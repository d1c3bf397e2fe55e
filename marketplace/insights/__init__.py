"""Read-only reports over everything: whether the books hold."""

from marketplace.insights.health import INVARIANTS, run_checks

__all__ = ["INVARIANTS", "run_checks"]
