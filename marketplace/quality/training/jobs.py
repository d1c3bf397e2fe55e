"""The weekly lesson. Scientific libraries are loaded here, in the worker, and only when there is enough to learn."""

from marketplace.jobs import defer, job
from marketplace.kit.db import transaction
from marketplace.quality.scores.jobs import score_anew
from marketplace.quality.training import actions


@job("quality.train", every="*/15 * * * *")
def train() -> None:
    """Nothing happens before the stored time. A worker that dies on the way is followed by another an hour later."""
    with transaction():
        if not actions.claim():
            return
        tasks, models = actions.read()
    done = [actions.learn(task, models) for task in tasks]
    with transaction():
        if actions.settle(done):
            defer(score_anew)
