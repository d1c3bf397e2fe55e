"""Learning the models anew once a week: what is due is claimed, learned outside of any transaction, written down."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.fraud import CALIBRATED_FROM
from marketplace.quality.measures import Measures
from marketplace.quality.scores.columns import columns
from marketplace.quality.scores.models import Kind, ModelState, ScoreModel
from marketplace.quality.scores.rules import MODEL_ALLOWED
from marketplace.quality.scores.serving import Serving, serving
from marketplace.quality.training import lessons as teaching
from marketplace.quality.training.learning import (
    Attempt,
    learn_faults,
    learn_sales,
    way_of_faults,
    way_of_sales,
)
from marketplace.quality.training.lessons import Lesson
from marketplace.quality.training.models import TrainingDue, TrainingRun, Why

_WEEK, _AGAIN = timedelta(days=7), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Task:
    """One model to be learned, for one trade or for all."""

    kind: Kind
    vertical: str | None
    lessons: Sequence[Lesson]


@dataclass(frozen=True, slots=True)
class Done:
    task: Task
    attempt: Attempt
    took_ms: int


def claim() -> bool:
    """Whether it is due now; then nobody else begins for an hour. The first time it is due at once."""
    now = clock.now()
    session().execute(insert(TrainingDue).values(is_only=True, at=now).on_conflict_do_nothing())
    due = select(TrainingDue).where(TrainingDue.at <= now).with_for_update(skip_locked=True)
    row = session().scalar(due.execution_options(populate_existing=True))
    if row is None:
        return False
    row.at = now + _AGAIN
    return True


def read() -> tuple[list[Task], Serving]:
    """All there is to learn from, for all trades together and for each that has enough of its own."""
    found = {Kind.FRAUD: teaching.of_faults(), Kind.CONVERT: teaching.of_sales()}
    return [task for kind, every in found.items() for task in _tasks(kind, every)], serving()


def learn(task: Task, models: Serving) -> Done:
    """No database: it may take a minute."""
    began = time.monotonic()
    if task.kind is Kind.FRAUD:
        attempt = learn_faults(task.lessons, way_of_faults(models.fraud_for(task.vertical or "")[1]))
    else:
        now = models.convert_for(task.vertical or "")
        attempt = learn_sales(task.lessons, columns(), way_of_sales(now[1]) if now else None)
    return Done(task, attempt, int((time.monotonic() - began) * 1000))


def settle(done: Sequence[Done]) -> bool:
    """Write down what came of each, let the better versions take over; whether any did. Next time in a week."""
    for each in done:
        _keep(each)
    session().execute(update(TrainingDue).values(at=clock.now() + _WEEK))
    return any(each.attempt.why is Why.PROMOTED for each in done)


def _tasks(kind: Kind, every: Sequence[Lesson]) -> list[Task]:
    trades = sorted({lesson.vertical for lesson in every})
    apart = {trade: [lesson for lesson in every if lesson.vertical == trade] for trade in trades}
    own = [Task(kind, trade, mine) for trade, mine in apart.items() if CALIBRATED_FROM <= len(mine) < len(every)]
    return [Task(kind, None, every), *own]


def _keep(done: Done) -> None:
    task, attempt = done.task, done.attempt
    model = _version_of(task, attempt) if attempt.coefficients is not None else None
    if model and attempt.why is Why.PROMOTED:
        _promote(model)
    run = TrainingRun(
        kind=task.kind,
        vertical=task.vertical,
        began_at=clock.now() - timedelta(milliseconds=done.took_ms),
        took_ms=done.took_ms,
        outcomes=len(task.lessons),
        positive=sum(lesson.came for lesson in task.lessons),
        why=attempt.why,
        measures=_plain(attempt.measures),
        before=_plain(attempt.before),
        notes=attempt.notes,
        model_id=model.id if model else None,
    )
    session().add(run)
    session().flush()
    record("model.trained", run.id, by=SYSTEM, kind=task.kind, vertical=task.vertical, why=attempt.why)


def _version_of(task: Task, attempt: Attempt) -> ScoreModel:
    """The row of what was learned. The same coefficients are the same version, unless it has been retired."""
    of_this = select(ScoreModel).where(
        ScoreModel.kind == task.kind,
        ScoreModel.vertical.is_not_distinct_from(task.vertical),
        ScoreModel.version.startswith(attempt.version, autoescape=True),
    )
    known = session().scalars(of_this.order_by(ScoreModel.id)).all()
    alive = [model for model in known if model.state != ModelState.RETIRED]
    if alive:
        return alive[-1]
    model = ScoreModel(
        kind=task.kind,
        vertical=task.vertical,
        version=f"{attempt.version}.{len(known) + 1}" if known else attempt.version,
        coefficients=attempt.coefficients,
        trained_at=clock.now(),
        trained_on=len(task.lessons),
        measures=_plain(attempt.measures),
        state=ModelState.CANDIDATE,
    )
    session().add(model)
    session().flush()
    return model


def _promote(model: ScoreModel) -> None:
    """It serves from now on, and the version before it retires."""
    if model.state == ModelState.SERVING:
        return
    before = select(ScoreModel).where(
        ScoreModel.kind == model.kind,
        ScoreModel.vertical.is_not_distinct_from(model.vertical),
        ScoreModel.state == ModelState.SERVING,
    )
    for old in session().scalars(before.with_for_update()):
        _move(old, ModelState.RETIRED)
    session().flush()
    _move(model, ModelState.SERVING)
    session().flush()


def _move(model: ScoreModel, state: ModelState) -> None:
    if state not in MODEL_ALLOWED[ModelState(model.state)]:
        raise ValueError(f"a {model.state} version cannot become {state}")
    model.state = state


def _plain(measures: Measures | None) -> dict[str, Any] | None:
    return asdict(measures) if measures else None
