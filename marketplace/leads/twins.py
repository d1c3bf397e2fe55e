"""Twins: leads of one person, whichever agencies they came from. **No agency is ever told that there are any.**

Of such leads a buyer gets one, and the exclusive ones of different agencies are not offered side by side. Which leads
are kept back from whom stands once, in functions of the database that the catalogue and the purchase both ask.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Function,
    Index,
    Uuid,
    bindparam,
    exists,
    func,
    select,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit import clock
from marketplace.kit.db import Base, session
from marketplace.leads.models import Lead, LeadState
from marketplace.leads.rules import SAME_LEAD

_AT_ONCE = 10_000
_PART = text("""
DELETE FROM lead_twins t USING lead_twins mine
WHERE mine.lead_id = :lead AND (t.lead_id, t.twin_id) IN ((mine.lead_id, mine.twin_id), (mine.twin_id, mine.lead_id))
""")
# the oldest first, by the key: what is found at once is what is to go
_FORGET = text("""
DELETE FROM lead_twins WHERE (lead_id, twin_id) IN (
  SELECT t.lead_id, t.twin_id FROM lead_twins t
  WHERE NOT EXISTS (
    SELECT 1 FROM leads l
    WHERE l.id IN (t.lead_id, t.twin_id) AND (
      l.state = 'available' OR l.received_at > :since
      OR EXISTS (SELECT 1 FROM contact_rights r WHERE r.lead_id = l.id AND r.since > :since)
    )
  )
  ORDER BY t.lead_id, t.twin_id LIMIT :most
)
""")


class LeadTwin(Base):
    """That two leads have the same phone or e-mail. Each pair stands here both ways round."""

    __tablename__ = "lead_twins"
    __table_args__ = (Index("ix_lead_twins_twin_id_lead_id", "twin_id", "lead_id"),)

    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)
    twin_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)


def pair(lead_ids: Collection[UUID]) -> None:
    """Find the twins of these leads. Idempotent.

    Done when leads come in, and once more a moment later: two that came at the same time did not see each other.
    """
    session().execute(select(func.pair_twins(bindparam("leads", list(lead_ids), type_=ARRAY(Uuid)))))


def lock_persons(lead_ids: Collection[UUID]) -> None:
    """Nobody else buys these leads' persons until the transaction ends. All at once, before any wallet is locked."""
    session().execute(select(func.lock_persons(bindparam("leads", list(lead_ids), type_=ARRAY(Uuid)))))


def pair_anew(lead_id: UUID) -> None:
    """The lead's phone or e-mail has changed: pair it anew and drop its old twins."""
    session().execute(_PART, {"lead": lead_id})
    pair([lead_id])


def forget_old() -> int:
    """Delete up to 10,000 pairs that no longer keep anything back and never will; return how many rows."""
    gone: Any = session().execute(_FORGET, {"since": clock.now() - SAME_LEAD, "most": _AT_ONCE})
    return int(gone.rowcount)


def is_for(org_id: UUID, lead_id: Any = Lead.id) -> list[ColumnElement[bool]]:
    """That a lead is not kept back from this buyer now, as conditions on a column that holds the lead's id.

    For a few leads: each is looked up by the index. OFFSET keeps PostgreSQL from looking for all at once.
    """
    found = [each.table_valued("lead_id", name=each.name) for each in _reasons(org_id)]
    return [~exists(select(each.c.lead_id).where(each.c.lead_id == lead_id).offset(0)) for each in found]


def is_none_of(lead_id: Any, kept: Sequence[UUID]) -> ColumnElement[bool]:
    """The same for counting all leads: asked with what `kept_back` gives."""
    rows = func.unnest(bindparam("kept", kept, type_=ARRAY(Uuid), unique=True))
    condition: ColumnElement[bool] = lead_id.not_in(select(rows))
    return condition


def kept_back(org_id: UUID) -> Sequence[UUID]:
    """All leads on sale that are kept back from this buyer now; few of all there are."""
    found = union(*(select(each.table_valued("lead_id", name=each.name).c.lead_id) for each in _reasons(org_id)))
    kept = found.subquery()
    on_sale = select(kept.c.lead_id).join(Lead, Lead.id == kept.c.lead_id).where(Lead.state == LeadState.AVAILABLE)
    return session().scalars(on_sale).all()


def _reasons(org_id: UUID) -> list[Function[Any]]:
    """Functions of the database that find what is kept back, each for a reason of its own."""
    now = clock.now()
    return [func.kept_from(org_id, now), func.sold_elsewhere(now), func.promised_elsewhere(now)]
