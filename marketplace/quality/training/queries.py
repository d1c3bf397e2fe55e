"""Reading what was learned: the versions, and the runs with their figures. For staff."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.people import Power, Who
from marketplace.quality.scores.models import Kind, ModelState, ScoreModel
from marketplace.quality.training.models import TrainingDue, TrainingRun


def runs_for(who: Who, ask: Ask, *, kind: Kind | None = None) -> Page[TrainingRun]:
    """Every run, the newest first. Raises Forbidden."""
    _need(who)
    statement = select(TrainingRun)
    if kind:
        statement = statement.where(TrainingRun.kind == kind)
    return page(statement, ask, by=[TrainingRun.id], key=lambda run: [run.id])


def newest_of(who: Who, kind: Kind, vertical: str | None) -> TrainingRun | None:
    """The newest run of this trade (None: of all together) that had outcomes enough to learn from. Raises Forbidden."""
    _need(who)
    statement = select(TrainingRun).where(TrainingRun.kind == kind, TrainingRun.vertical.is_not_distinct_from(vertical))
    learned = statement.where(TrainingRun.measures.is_not(None))
    return session().scalars(learned.order_by(TrainingRun.id.desc()).limit(1)).first()


def models_for(who: Who) -> Sequence[ScoreModel]:
    """The versions that serve now. Raises Forbidden."""
    _need(who)
    serving = select(ScoreModel).where(ScoreModel.state == ModelState.SERVING)
    return session().scalars(serving.order_by(ScoreModel.kind, ScoreModel.vertical.nulls_first())).all()


def next_for(who: Who) -> datetime | None:
    """When the models are learned anew; None before the first time. Raises Forbidden."""
    _need(who)
    return session().execute(select(TrainingDue.at)).scalar()


def _need(who: Who) -> None:
    """Raises NotFound for everybody who is not staff, Forbidden for staff without the power."""
    if not who.is_staff:
        raise NotFound
    who.need(Power.AUDIT_READ)
