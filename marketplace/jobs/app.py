"""The job queue: procrastinate on the product's own database."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import Task, configure_task
from sqlalchemy.engine import make_url

from marketplace.kit import own
from marketplace.kit.db import need_act, session
from marketplace.kit.logs import told_without_words

log = structlog.get_logger()

MOST_TRIES = 8
#: a job that failed is tried again after 4, 16, 64 ... seconds
AGAIN = RetryStrategy(max_attempts=MOST_TRIES, exponential_wait=4)
#: for jobs with a lock, whose successors wait for one that failed: again after 15 seconds, for five minutes
SOON = RetryStrategy(max_attempts=20, wait=15)

_WITH_SECONDS = 6

Job = Task[Any, Any, Any]

app = App(connector=PsycopgConnector())

#: a worker runs `app` on asynchronous connections; jobs are queued on the ordinary one that the caller has in hand
_on_the_callers_connection = JobManager(SyncPsycopgConnector())


class Ending:
    """Whether this worker was asked to end: it is a process of its own."""

    is_asked = False


def worker_goes_on() -> bool:
    """False once this worker was asked to end: a long job stops where it can, and queues what is left of it."""
    return not Ending.is_asked


def job(name: str, *, every: str | None = None, **options: Any) -> Callable[[Callable[..., None]], Job]:
    """Declare a job. It must be safe to run twice: a worker may die after its work and before saying so.

    It works for the application in whose context it is run, within a context of its own.

    Args:
        every: a cron line (real time) for a job that needs no arguments and comes round by itself. One that begins with
            seconds is not tried again when it failed: its next round comes first.
    """
    options.setdefault("retry", False if every and len(every.split()) == _WITH_SECONDS else AGAIN)

    def declare(work: Callable[..., None]) -> Job:
        @wraps(work)
        def run(**arguments: Any) -> None:
            if every:
                arguments.pop("timestamp", None)  # the queue tells for which round; the product has its own clock
            with own.context():
                try:
                    work(**arguments)
                except Exception as error:
                    log.error("job.failed", job=name, **told_without_words(error))  # noqa: TRY400  # messages may quote people
                    raise

        task: Job = app.task(name=name, **options)(run)  # type: ignore[no-untyped-call]  # decorators without types
        if every:
            app.periodic(cron=every, periodic_id=name)(task)
        return task

    return declare


def defer(task: Job, *, lock: str | None = None, **arguments: Any) -> None:
    """Queue the job inside the current transaction: rolled back means never queued.

    Args:
        lock: jobs with the same lock run one after another; that of the job's declaration if none is given.
        arguments: JSON values: ids and plain facts, never a contact detail.

    Raises NotInAct.
    """
    need_act()
    configure_task(
        name=task.name,
        job_manager=_on_the_callers_connection,
        queue=task.queue,
        priority=task.priority,
        lock=lock or task.lock,
        queueing_lock=task.queueing_lock,
        connection=session().connection().connection.driver_connection,
    ).defer(**arguments)


def plain_url(database_url: str) -> str:
    """The address as libpq reads it, without SQLAlchemy's driver name."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
