"""The weekly lesson. Scientific libraries are loaded here, in the worker, and only when there is enough to learn."""

from collections.abc import Iterable

import structlog

from marketplace.jobs import defer, job
from marketplace.kit.db import transaction
from marketplace.kit.logs import told_without_words
from marketplace.quality.scores.jobs import score_anew
from marketplace.quality.scores.serving import Serving
from marketplace.quality.training import actions
from marketplace.quality.training.actions import Done, Task

log = structlog.get_logger()


@job("quality.train", every="*/15 * * * *")
def train() -> None:
    """Nothing happens before the stored time. A worker that dies on the way is followed by another an hour later."""
    with transaction():
        if not actions.claim():
            return
        tasks, models = actions.read()
    done, broken = _learn_each(tasks, models)
    with transaction():
        if actions.settle(done):
            defer(score_anew)
    if broken:
        raise broken[0]


def _learn_each(tasks: Iterable[Task], models: Serving) -> tuple[list[Done], list[Exception]]:
    """One that breaks stops no other."""
    done, broken = [], []
    for task in tasks:
        try:
            done.append(actions.learn(task, models))
        except Exception as error:  # noqa: BLE001  # an edge: it is raised after the others had their turn
            log.error("model.not_trained", model=f"{task.kind} {task.vertical}", **told_without_words(error))  # noqa: TRY400
            broken.append(error)
    return done, broken
