"""Looking back: whether everything that must hold does, and what happened. Nothing here changes anything."""

from marketplace.insights.audit import audit_for
from marketplace.insights.books import BookEntry, BookLine, entries_for
from marketplace.insights.health import INVARIANTS, health_for, run_checks
from marketplace.insights.queue import QueueFigures, queue_figures
from marketplace.insights.standing import Standing, Waiting, standing_for, waiting_for

__all__ = [
    "INVARIANTS",
    "BookEntry",
    "BookLine",
    "QueueFigures",
    "Standing",
    "Waiting",
    "audit_for",
    "entries_for",
    "health_for",
    "queue_figures",
    "run_checks",
    "standing_for",
    "waiting_for",
]
