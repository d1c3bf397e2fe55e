"""What the worker does with a trial: look at the file, judge it, remove it. Each step may happen twice."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select, update

from marketplace.kit import clock, files
from marketplace.kit.db import session, transaction
from marketplace.kit.logs import told_without_words
from marketplace.leads.errors import FileLost
from marketplace.leads.reading import Layout, Unreadable
from marketplace.quality import evaluation
from marketplace.quality.evaluation import CannotJudge, Judgement, Rows, Split, Step
from marketplace.quality.trials.actions import end, left_lying, left_over, move
from marketplace.quality.trials.attempts import is_begun, tried
from marketplace.quality.trials.looking import cells_of, look_at, outcome_columns
from marketplace.quality.trials.models import ConversionTrial, TrialState
from marketplace.quality.trials.people import is_shown
from marketplace.quality.trials.rules import FEWEST_ROWS, KEPT_FOR, MOST_ROWS

log = structlog.get_logger()

_SIGNS = 8
_AT_ONCE = 50
_NONE = UUID(int=0)
#: why it cannot be tried, how many rows it has, what they hold
_Look = tuple[str | None, int | None, dict[str, Any]]
#: the figures, or why there are none, and whether nothing else can be tried with this file
_Verdict = tuple[dict[str, Any] | None, str | None, bool]
_NOT_LOOKED: _Look = ("broken", None, {})
_NOT_JUDGED: _Verdict = (None, "broken", True)


def look(trial_id: UUID) -> None:
    """An edge: the first look. A trial that has been looked at, or thrown away, stays as it is."""
    with transaction():
        row = _row(trial_id, lock=True)
        if not is_begun(row, TrialState.LOOKING):
            return
        name, attempt = str(row.stored_as), row.attempts
    failure, rows, found = tried(attempt, lambda: _looked(name), _NOT_LOOKED)
    with transaction():
        row = _row(trial_id, lock=True)
        if row.state == TrialState.LOOKING:
            row.rows = rows
            if failure:
                end(row, TrialState.FAILED, failure=failure)
            else:
                row.columns = found
                move(row, TrialState.WAITING)
    forget(trial_id)


def run(trial_id: UUID) -> None:
    """An edge: learn, judge, keep the figures, remove the file. No transaction is open while it counts."""
    with transaction():
        row = _row(trial_id, lock=True)
        if not is_begun(row, TrialState.RUNNING):
            return
        name, layout, choice, attempt = str(row.stored_as), _layout(row), dict(row.choice or {}), row.attempts
    work = partial(_judged, trial_id, name, layout, choice)
    result, failure, is_over = tried(attempt, work, _NOT_JUDGED)
    with transaction():
        row = _row(trial_id, lock=True)
        if row.state == TrialState.RUNNING:
            _settle(row, result, failure, is_over=is_over)
    forget(trial_id)


def forget(trial_id: UUID) -> None:
    """An edge: remove the file of a trial that is over; it stays known until it is gone, and nothing more can come."""
    with transaction():
        row = _row(trial_id)
        name = row.stored_as if row.finished_at else None
        may_come = row.size is None and row.created_at > clock.now() - KEPT_FOR
    if name:
        files.remove(name)
        if not may_come:
            with transaction():
                mine = update(ConversionTrial).where(ConversionTrial.id == trial_id)
                session().execute(mine.values(stored_as=None))


def forget_old() -> None:
    """An edge: end what was left lying, and remove what a worker that died did not.

    A file that cannot be removed keeps no other. Raises: what the first of them broke with.
    """
    with transaction():
        left_lying(_AT_ONCE)
    broken: list[Exception] = []
    waiting: Sequence[UUID] = [_NONE]
    while waiting:
        with transaction():
            waiting = left_over(waiting[-1], _AT_ONCE)
        for trial_id in waiting:
            try:
                forget(trial_id)
            except Exception as error:  # noqa: BLE001  # an edge: it is raised below, after the others had their turn
                log.error("trial.file_stays", trial=str(trial_id), **told_without_words(error))  # noqa: TRY400
                broken.append(error)
    if broken:
        raise broken[0]


def _looked(name: str) -> _Look:
    """Why it cannot be tried, how many rows it has, what they hold."""
    try:
        rows, found = look_at(name)
    except Unreadable:
        return "unreadable", None, {}
    except FileLost:
        return "file_lost", None, {}
    if rows > MOST_ROWS:
        return "too_many_rows", None, {}
    if rows < FEWEST_ROWS:
        return "too_few_rows", rows, {}
    return ("no_outcome" if not outcome_columns(found["columns"]) else None), rows, found


def _judged(trial_id: UUID, name: str, layout: Layout, choice: Mapping[str, Any]) -> _Verdict:
    """The figures, or why there are none, and whether nothing else can be tried with this file."""
    target, positive, order = choice["target"], choice["positive"], choice["order"]
    try:
        rows, broken = cells_of(name, layout, {target, *choice["columns"], *([order] if order else [])})
        known = evaluation.decided(rows, target, positive)
        ordered = evaluation.in_order(known, order) if order else known
        split = evaluation.split_in_order(ordered) if order else evaluation.split_at_random(ordered)
        found = evaluation.judge(
            split, target, positive, choice["columns"], window={}, told=lambda step: _tell(trial_id, step)
        )
    except FileLost:
        return None, "file_lost", True
    except CannotJudge as why:
        return None, why.code, False
    except (ArithmeticError, ValueError) as error:  # the file alone decides: another try comes to the same
        log.error("trial.not_counted", trial=str(trial_id), **told_without_words(error))  # noqa: TRY400
        return None, "not_counted", True
    return _figures(found, split, left_out=broken + len(rows) - len(known)), None, True


def _figures(found: Judgement, split: Split, *, left_out: int) -> dict[str, Any]:
    model, (best, best_won) = found.trained.model, evaluation.best_fifth(found)
    return {
        "measures": asdict(found.measures),
        "signal": found.is_signal,
        "learned": {"rows": len(split.learned), "won": sum(found.won)},
        "judged": {"rows": len(split.judged), "won": sum(found.came)},
        "best": {"rows": best, "won": best_won},
        "left_out": left_out,
        "steps": [[low, high, asdict(each), list(ivl)] for low, high, each, ivl in evaluation.steps_of(found)],
        **_signs(found, split.learned),
        "leaks": [asdict(leak) for leak in found.leaks],
        "unused": {name: why.value for name, why in found.trained.unused.items()},
        "used": len(model.parts),
        "version": model.version,
    }


def _signs(found: Judgement, learned: Rows) -> dict[str, Any]:
    """The strongest on either side."""
    signs = evaluation.signs_of(found, learned, is_shown=is_shown)
    speaking = [asdict(sign) for sign in signs if sign.points > 0][:_SIGNS]
    against = [asdict(sign) for sign in reversed(signs) if sign.points < 0][:_SIGNS]
    return {"for": speaking, "against": against}


def _settle(row: ConversionTrial, result: dict[str, Any] | None, failure: str | None, *, is_over: bool) -> None:
    """A choice that came to nothing can be made anew: the file stays for it."""
    if result is not None:
        row.result = result
        end(row, TrialState.DONE)
    elif is_over:
        end(row, TrialState.FAILED, failure=failure)
    else:
        move(row, TrialState.WAITING)
        row.failure, row.step = failure, None


def _tell(trial_id: UUID, step: Step) -> None:
    with transaction():
        running = update(ConversionTrial).where(
            ConversionTrial.id == trial_id, ConversionTrial.state == TrialState.RUNNING
        )
        session().execute(running.values(step=step.value))


def _layout(row: ConversionTrial) -> Layout:
    return Layout.from_json((row.columns or {})["layout"])


def _row(trial_id: UUID, *, lock: bool = False) -> ConversionTrial:
    statement = select(ConversionTrial).where(ConversionTrial.id == trial_id)
    if lock:
        statement = statement.with_for_update()
    return session().scalars(statement.execution_options(populate_existing=True)).one()
