"""Tables of what was found out about a disputed lead, and of what it adds up to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.disputes.models import Dispute
from marketplace.kit.db import Base, Id
from marketplace.quality.disputes import Evidence, Found

_KINDS = ", ".join(f"'{kind}'" for kind in Evidence)


class Source(StrEnum):
    """Who found it: we, a side, a system that neither side can write into, or the person in the lead.

    What comes with a side's own API key is that side. None is connected so far.
    """

    US = "us"
    BUYER = "buyer"
    AGENCY = "agency"
    CONNECTED = "connected"
    CONSUMER = "consumer"


class FindingRow(Base):
    """One piece of evidence from one source; a later look replaces what that source said before.

    `method` says how it was looked for: `index`, `record`, `line`, `asked` (we wait for an answer), `file`, `log` ...
    `facts` are plain counts, never a contact. `uploaded`: a side's own word or file for itself, which counts half;
    what a side's record says against itself counts in full.
    """

    __tablename__ = "dispute_findings"
    __table_args__ = (
        UniqueConstraint("dispute_id", "evidence", "source"),
        CheckConstraint(f"evidence IN ({_KINDS})", name="evidence"),
        CheckConstraint("found IN ('present', 'absent', 'unknown')", name="found"),
        CheckConstraint("source IN ('us', 'buyer', 'agency', 'connected', 'consumer')", name="source"),
        CheckConstraint("NOT uploaded OR source IN ('buyer', 'agency')", name="uploaded"),
    )

    id: Mapped[Id]
    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id))
    evidence: Mapped[str]
    found: Mapped[str]
    source: Mapped[str]
    method: Mapped[str]
    facts: Mapped[dict[str, Any]]
    uploaded: Mapped[bool]
    at: Mapped[datetime]

    @property
    def is_known(self) -> bool:
        return self.found != Found.UNKNOWN


class OpinionRow(Base):
    """What the findings of a dispute add up to, as of `at`: the probability that it is right, and from which parts.

    `parts` are [{rule, points, found}], whose points add up to the log-odds; `rules` the published rules that would
    decide. `place` orders the queue: the logarithm of the money that a coin would decide wrongly, 10 % more for each
    day earlier that the dispute was opened. It needs no renewal, for all grow alike; a case that is over has none.
    """

    __tablename__ = "dispute_opinions"
    __table_args__ = (
        CheckConstraint("p_fake > 0 AND p_fake < 1", name="p_fake"),
        CheckConstraint("trust > 0 AND trust < 1 AND agency_rate > 0 AND agency_rate < 1", name="records"),
        CheckConstraint("trust_upheld BETWEEN 0 AND trust_decided", name="counts"),
        CheckConstraint("verdict IN ('upheld', 'rejected', 'queue')", name="verdict"),
        Index("ix_dispute_opinions_place", "place", "dispute_id", postgresql_where=text("place IS NOT NULL")),
    )

    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id), primary_key=True)
    p_fake: Mapped[float]
    parts: Mapped[list[Any]]
    verdict: Mapped[str]
    rules: Mapped[list[Any]]
    trust: Mapped[float]
    trust_upheld: Mapped[int]
    trust_decided: Mapped[int]
    agency_rate: Mapped[float]
    place: Mapped[float | None]
    version: Mapped[str]
    at: Mapped[datetime]
