"""Work that happens outside a request: queued in PostgreSQL in the caller's own transaction, run by workers."""

from marketplace.jobs.app import MOST_TRIES, SOON, Job, defer, job, worker_goes_on
from marketplace.jobs.housekeeping import forget_old
from marketplace.jobs.worker import work

__all__ = ["MOST_TRIES", "SOON", "Job", "defer", "forget_old", "job", "work", "worker_goes_on"]
