"""A process that makes one call to Stripe and is killed at a point of it.

They are forked from one that has loaded the product and has done nothing else: to load it takes most of their time.
"""

import multiprocessing
import os
import signal
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import configure_mappers

from marketplace.app import create_app
from marketplace.billing import calls
from marketplace.config import Settings

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])
configure_mappers()


def die(call_id: UUID, point: str, environment: Mapping[str, str]) -> None:
    """Let a process of its own, in this environment, make the call until it reaches the point."""
    process = _FORKS.Process(target=_call, args=(call_id, point, dict(environment)))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    process.close()


def _call(call_id: UUID, point: str, environment: Mapping[str, str]) -> None:
    os.environ.update(environment)

    def end(_kind: str, reached: str) -> None:
        if reached == point:
            os.kill(os.getpid(), signal.SIGKILL)

    app = create_app(Settings.from_env())
    calls.watch(end)
    with app.app_context():
        calls.perform(call_id)
