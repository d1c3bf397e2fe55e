"""How far the work behind the pages is behind: the job queue and the outbox of events."""

from dataclasses import dataclass

from sqlalchemy import text

from marketplace.kit.db import session

# Both in real time: the queue does not obey the product's clock.
_QUEUE = text("""
SELECT count(*) FILTER (WHERE job.status = 'todo') AS waiting,
       count(*) FILTER (WHERE job.status = 'doing') AS running,
       count(*) FILTER (WHERE job.status = 'failed') AS failed,
       coalesce(extract(epoch FROM now() - min(coalesce(job.scheduled_at, deferred.at))
         FILTER (WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now())), 0) AS lag
FROM procrastinate_jobs job
LEFT JOIN procrastinate_events deferred ON deferred.job_id = job.id AND deferred.type = 'deferred'
WHERE job.status IN ('todo', 'doing', 'failed')
""")
_OUTBOX = text("SELECT count(*) FROM events_pending")


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Jobs by what they are doing, the age of the oldest one that is due, and events whose reactions are not queued."""

    waiting: int
    running: int
    failed: int
    lag_seconds: float
    events_waiting: int


def queue_figures() -> QueueFigures:
    """The figures of this moment."""
    row = session().execute(_QUEUE).one()
    events_waiting = session().execute(_OUTBOX).scalar_one()
    return QueueFigures(row.waiting, row.running, row.failed, max(0.0, float(row.lag)), events_waiting)
