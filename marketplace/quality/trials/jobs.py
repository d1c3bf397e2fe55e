"""Jobs of trials: the first look, the run, and removing files that nobody needs any more.

One look and one run at a time, whoever's: the other jobs of a worker need its memory and its hands.
"""

from uuid import UUID

from marketplace.jobs import SOON, job
from marketplace.quality.trials import running


@job("trials.look", lock="trials.look", retry=SOON)
def look(subject_id: str) -> None:
    running.look(UUID(subject_id))


@job("trials.run", lock="trials.run", retry=SOON)
def run(subject_id: str) -> None:
    running.run(UUID(subject_id))


@job("trials.forget_old", every="*/10 * * * *")
def forget_old() -> None:
    running.forget_old()


@job("trials.forget")
def forget(subject_id: str) -> None:
    """The file of a trial that is over."""
    running.forget(UUID(subject_id))
