"""The place of a score in the life of a lead: which wait for one, and what the catalogue filters and sorts by."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Integer, Uuid

from marketplace.kit.db import session
from marketplace.leads import twins
from marketplace.leads.models import Lead, LeadState

_MARK = text("""
UPDATE leads SET real_bp = told.real_bp, convert_bp = told.convert_bp
FROM (SELECT unnest(:ids) AS id, unnest(:real) AS real_bp, unnest(:converts) AS convert_bp) told
WHERE leads.id = told.id
""").bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("real", type_=ARRAY(Integer)),
    bindparam("converts", type_=ARRAY(Integer)),
)


def lock_unscored(most: int, after: UUID | None) -> Sequence[Lead]:
    """The next leads without a score, the oldest first, locked; one that somebody is at is left out."""
    waiting = select(Lead).where(Lead.real_bp.is_(None))
    if after:
        waiting = waiting.where(Lead.id > after)
    return session().scalars(_locked(waiting.order_by(Lead.id).limit(most))).all()


def lock_unsold(most: int, after: UUID | None) -> Sequence[Lead]:
    """The next leads on sale that nobody has bought yet, in the order of their ids, locked: to be scored anew."""
    waiting = select(Lead).where(Lead.state == LeadState.AVAILABLE, Lead.slots_taken == 0)
    if after:
        waiting = waiting.where(Lead.id > after)
    return session().scalars(_locked(waiting.order_by(Lead.id).limit(most))).all()


def mark_scored(scores: Mapping[UUID, tuple[int, int | None]]) -> None:
    """Write down what the catalogue shows of locked leads: the chances of being real and of buying, in bp."""
    if not scores:
        return
    values = {
        "ids": list(scores),
        "real": [real for real, _convert in scores.values()],
        "converts": [convert for _real, convert in scores.values()],
    }
    session().execute(_MARK, values)
    twins.pair(scores)


def _locked(statement: Select[Lead]) -> Select[Lead]:
    locked = statement.with_for_update(key_share=True, skip_locked=True)
    return locked.execution_options(populate_existing=True)
