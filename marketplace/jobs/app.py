"""The job queue: procrastinate on the product's own database."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any

from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.tasks import Task
from sqlalchemy.engine import make_url

from marketplace.kit.db import session

#: a job that failed is tried again after 4, 16, 64 ... seconds, 8 times in all
AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4)

Job = Task[Any, Any, Any]

app = App(connector=PsycopgConnector())


class _Surroundings:
    """What each job runs within: the worker sets the Flask application's context here."""

    enter: Callable[[], AbstractContextManager[object]] = nullcontext


def run_within(context: Callable[[], AbstractContextManager[object]]) -> None:
    """Say once, at the start of a worker, what every job runs within."""
    _Surroundings.enter = staticmethod(context)


def job(name: str, *, every: str | None = None, **options: Any) -> Callable[[Callable[..., None]], Job]:
    """Declare a job. It must be safe to run twice: a worker may die after its work and before saying so.

    Args:
        every: a cron line (real time) for a job without arguments that comes round by itself.
    """
    options.setdefault("retry", AGAIN)

    def declare(work: Callable[..., None]) -> Job:
        @wraps(work)
        def run(*_timestamp: int, **arguments: Any) -> None:
            with _Surroundings.enter():
                work(**arguments)

        task: Job = app.task(name=name, **options)(run)  # type: ignore[no-untyped-call]  # decorators without types
        if every:
            app.periodic(cron=every, periodic_id=name)(task)
        return task

    return declare


def defer(task: Job, *, lock: str | None = None, **arguments: Any) -> None:
    """Queue the job inside the current transaction: rolled back means never queued.

    Args:
        lock: jobs with the same lock run one after another.
        arguments: JSON values: ids and plain facts, never a contact detail.
    """
    connection = session().connection().connection.driver_connection
    task.configure(lock=lock, connection=connection).defer(**arguments)


def plain_url(database_url: str) -> str:
    """The address as libpq reads it, without SQLAlchemy's driver name."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
