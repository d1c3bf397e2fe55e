"""A process that makes one call to Stripe and is killed at a point of it: `python -m tests.faults.dying CALL POINT`."""

import os
import signal
import sys
from uuid import UUID

from marketplace.app import create_app
from marketplace.billing import calls
from marketplace.config import Settings


def main(call_id: str, point: str) -> None:
    def die(_kind: str, reached: str) -> None:
        if reached == point:
            os.kill(os.getpid(), signal.SIGKILL)

    app = create_app(Settings.from_env())
    calls.watch(die)
    with app.app_context():
        calls.perform(UUID(call_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
