"""Looking back: whether everything that must hold does, and what happened. Nothing here changes what it looks at."""

from marketplace.insights import measured
from marketplace.insights.audit import audit_for
from marketplace.insights.books import BookEntry, BookLine, entries_for
from marketplace.insights.health import INVARIANTS, run_checks
from marketplace.insights.models import CheckRun
from marketplace.insights.nightly import Health, ask_check, check_books, health_for, last_run, last_runs, run_counts
from marketplace.insights.queue import QueueFigures, queue_figures
from marketplace.insights.standing import Standing, Waiting, standing_for, waiting_for

__all__ = [
    "INVARIANTS",
    "BookEntry",
    "BookLine",
    "CheckRun",
    "Health",
    "QueueFigures",
    "Standing",
    "Waiting",
    "ask_check",
    "audit_for",
    "check_books",
    "entries_for",
    "health_for",
    "last_run",
    "last_runs",
    "measured",
    "queue_figures",
    "run_checks",
    "run_counts",
    "standing_for",
    "waiting_for",
]
