"""Twins: leads of one person, whichever agencies they came from. **No agency is ever told that there are any.**

Of such leads a buyer gets one, and the exclusive ones of different agencies are not offered side by side. Which leads
are kept back from whom stands once, in functions of the database that the catalogue and the purchase both ask.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Uuid, bindparam, exists, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit import clock
from marketplace.kit.db import Base, session
from marketplace.leads.models import Lead

# in one order for everybody, so that two who write the same pairs never wait for each other in a circle
_PAIR = text("""
INSERT INTO lead_twins (lead_id, twin_id, if_sold, if_on_sale)
SELECT pair.one, pair.other, rival.at_all AND (twin.slots_total = 1 OR rival.earlier), rival.at_all AND rival.earlier
FROM (
  SELECT DISTINCT way.one, way.other
  FROM unnest(:leads) AS asked (id)
  JOIN lead_keys a ON a.lead_id = asked.id AND a.kind IN ('phone', 'email')
  JOIN lead_keys b ON b.digest = a.digest AND b.lead_id <> a.lead_id
  CROSS JOIN LATERAL (VALUES (a.lead_id, b.lead_id), (b.lead_id, a.lead_id)) AS way (one, other)
) AS pair
JOIN leads mine ON mine.id = pair.one
JOIN leads twin ON twin.id = pair.other
CROSS JOIN LATERAL (
  SELECT mine.slots_total = 1 AND twin.agency_id <> mine.agency_id AS at_all,
    (twin.submitted_at, twin.id) < (mine.submitted_at, mine.id) AS earlier
) AS rival
ORDER BY pair.one, pair.other
ON CONFLICT DO NOTHING
""").bindparams(bindparam("leads", type_=ARRAY(Uuid)))
_PART = text("""
DELETE FROM lead_twins t USING lead_twins mine
WHERE mine.lead_id = :lead AND (t.lead_id, t.twin_id) IN ((mine.lead_id, mine.twin_id), (mine.twin_id, mine.lead_id))
""")

_KEPT_BACK = text("SELECT lead_id FROM kept_from(:org, :now) UNION SELECT lead_id FROM promised_elsewhere(:now)")


class LeadTwin(Base):
    """That two leads have the same phone or e-mail. Each pair stands here both ways round.

    An exclusive lead is kept back from everybody for the twin of another agency, `if_sold`: once that is sold, for it
    is exclusive too or its person agreed earlier; `if_on_sale`: before that as well, for its person agreed earlier.
    """

    __tablename__ = "lead_twins"
    __table_args__ = (CheckConstraint("if_sold OR NOT if_on_sale", name="sold_or_on_sale"),)

    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)
    twin_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)
    if_sold: Mapped[bool]
    if_on_sale: Mapped[bool]


def pair(lead_ids: Collection[UUID]) -> None:
    """Find the twins of these leads; again is no matter.

    Done when leads come in, and once more a moment later: two that came at the same time did not see each other.
    """
    session().execute(_PAIR, {"leads": list(lead_ids)})


def pair_anew(lead_id: UUID) -> None:
    """The lead's phone or e-mail is another one now: its old twins are none any more."""
    session().execute(_PART, {"lead": lead_id})
    pair([lead_id])


def is_for(org_id: UUID) -> list[ColumnElement[bool]]:
    """That a lead is not kept back from this buyer now, as conditions on `Lead`; for a few leads, by the index."""
    kept = func.kept_from(org_id, clock.now()).table_valued("lead_id", name="kept")
    promised = func.promised_elsewhere(clock.now()).table_valued("lead_id", name="promised")
    return [~exists().where(kept.c.lead_id == Lead.id), ~exists().where(promised.c.lead_id == Lead.id)]


def is_none_of(lead_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """The same for counting all leads: asked with what `kept_back` gives, which is looked up once for many counts."""
    return Lead.id.not_in(select(func.unnest(bindparam("kept", lead_ids, type_=ARRAY(Uuid), unique=True))))


def kept_back(org_id: UUID) -> Sequence[UUID]:
    """All leads that are kept back from this buyer now; few of all there are."""
    return session().scalars(_KEPT_BACK, {"org": org_id, "now": clock.now()}).all()
