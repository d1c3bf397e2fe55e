"""Work that happens outside a request: queued in PostgreSQL in the caller's own transaction, run by workers."""

from marketplace.jobs.app import Job, app, defer, job, open_for, run_within

__all__ = ["Job", "app", "defer", "job", "open_for", "run_within"]
