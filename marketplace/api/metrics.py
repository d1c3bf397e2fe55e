"""Figures for operators, in Prometheus' form: requests by route, and how far the work behind them is behind."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from marketplace.insights import last_run, queue_figures
from marketplace.kit import clock
from marketplace.ledger import blocks

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_REQUESTS = Counter("fairlead_http_requests", "Answered requests", ["method", "route", "status"])
_DURATION = Histogram("fairlead_http_request_seconds", "Time to an answer", ["method", "route"], buckets=_SECONDS)


def install(app: Flask) -> None:
    """Count every request of the application. Labels are routes, never addresses: their number is fixed."""
    if os.environ.get(FOLDER):
        # the package itself looks at the environment only when it is imported
        values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]  # it leaves this untyped
    app.before_request(_begin)
    app.after_request(_count)


@contextmanager
def counted_together() -> Iterator[None]:
    """Have all processes that are forked within count into one folder; the one in the environment is kept."""
    if os.environ.get(FOLDER):
        yield
        return
    folder, owner = tempfile.mkdtemp(prefix="fairlead-metrics-"), os.getpid()
    os.environ[FOLDER] = folder
    try:
        yield
    finally:
        if os.getpid() == owner:  # a forked worker leaves through here, too
            shutil.rmtree(folder, ignore_errors=True)


def exposition() -> bytes:
    """All figures as text; those of every process that counts into the same folder."""
    counted = REGISTRY
    if os.environ.get(FOLDER):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # the package leaves it untyped
    now = CollectorRegistry()
    now.register(_Queue())
    now.register(_Books())
    return generate_latest(counted) + generate_latest(now)


class _Queue:
    """Read from the database at the moment of asking; left out while it is away."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            figures = queue_figures()
        except SQLAlchemyError:
            return
        jobs = GaugeMetricFamily("fairlead_jobs", "Jobs in the queue by what they are doing", labels=["state"])
        for state in ("waiting", "running", "failed"):
            jobs.add_metric([state], getattr(figures, state))
        yield jobs
        yield GaugeMetricFamily("fairlead_job_lag_seconds", "Age of the oldest job that is due", figures.lag_seconds)
        yield GaugeMetricFamily("fairlead_events_waiting", "Events whose jobs are not queued", figures.events_waiting)


class _Books:
    """Whether the books are looked after; left out while the database is away, ages before there is anything to age."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            waiting, run = blocks.waiting(), last_run()
        except SQLAlchemyError:
            return
        yield GaugeMetricFamily("fairlead_unsealed_seconds", "How long the first unsealed entry waits", waiting.seconds)
        if run:
            age = (clock.now() - run.at).total_seconds()
            yield GaugeMetricFamily("fairlead_books_checked_seconds", "Age of the last check of all rules", age)
            yield GaugeMetricFamily("fairlead_books_broken", "Rules that it found broken", len(run.broken))


def _begin() -> None:
    g.began_at = time.perf_counter()


def _count(response: Response) -> Response:
    method = request.method if request.method in _METHODS else "other"
    route = request.url_rule.rule if request.url_rule else "none"
    _REQUESTS.labels(method, route, str(response.status_code)).inc()
    if "began_at" in g:
        _DURATION.labels(method, route).observe(time.perf_counter() - g.began_at)
    return response
