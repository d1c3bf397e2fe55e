"""The worker: runs queued jobs, passes recorded events on, and takes up what a dead worker left."""

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context

import structlog
from procrastinate import JobContext, PsycopgConnector

from marketplace.jobs.app import Ending, app, plain_url
from marketplace.kit import own
from marketplace.kit.logs import told_without_words

log = structlog.get_logger()

_HEARTBEAT_S = 3.0
_DEAD_AFTER_S = 12.0
_IDLE_S = 0.3
#: how long jobs that run are waited for; it is safe to end the process after that
_GRACE_S = 10.0
_TROUBLE_S = 2.0


def work(database_url: str, relay: Callable[[], int], concurrency: int) -> None:
    """Work until SIGINT or SIGTERM, for the application in whose context this is called.

    Args:
        relay: passes waiting events on and returns how many there were; called again and again.
        concurrency: how many jobs run at once.
    """
    ended = threading.Event()
    passing = threading.Thread(target=copy_context().run, args=(_pass_on, relay, ended), name="relay", daemon=True)
    passing.start()
    try:
        with app.replace_connector(connector(database_url)):
            asyncio.run(_run(concurrency))
    finally:
        ended.set()
        passing.join()


def connector(database_url: str) -> PsycopgConnector:
    """The queue's own connections; they close by themselves when their server has gone."""
    return PsycopgConnector(conninfo=plain_url(database_url), max_size=8)


async def _run(concurrency: int) -> None:
    async with app.open_async():
        await _retry_stalled()
        working = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                update_heartbeat_interval=_HEARTBEAT_S,
                stalled_worker_timeout=_DEAD_AFTER_S,
                delete_jobs="successful",
                shutdown_graceful_timeout=_GRACE_S,
                install_signal_handlers=False,
            )
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, _end, working)
        with suppress(asyncio.CancelledError):
            await working


def _end(working: "asyncio.Task[None]") -> None:
    """Take no more jobs, tell those that run, and wait for them for a while."""
    Ending.is_asked = True
    working.cancel()


@app.periodic(cron="* * * * * */5", periodic_id="retry_stalled")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=True)
async def retry_stalled(_context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # the queue gives it by name
    await _retry_stalled()


async def _retry_stalled() -> None:
    """Give the jobs of workers that are no longer heard of back to the queue."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER_S):
        log.warning("job.taken_up_again", job=stalled.task_name, id=stalled.id)
        await app.job_manager.retry_job(stalled)


def _pass_on(relay: Callable[[], int], ended: threading.Event) -> None:
    """Call the relay until the end, whatever happens meanwhile: a database that is away, a reaction that is broken."""
    while not ended.is_set():
        pause = _IDLE_S
        try:
            with own.context():
                pause = 0.0 if relay() else _IDLE_S
        except Exception as error:  # noqa: BLE001  # an edge: without the relay nothing would follow from anything
            log.error("relay.failed", **told_without_words(error))  # noqa: TRY400  # messages may quote people
            pause = _TROUBLE_S
        ended.wait(pause)
