"""What a lead has in common with others of its agency beside the person: connection, device, free text.

Never across agencies: what is found stands among the reasons of a score, and nobody may learn from his own leads'
reasons what others have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, ScalarSelect, delete, func, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from marketplace.kit import clock
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import Base, session
from marketplace.kit.text import fold
from marketplace.leads.models import Lead

#: a shorter text is repeated by honest people too ("call me in the evening")
_SHORTEST_TEXT = 25
_BYTES = 8
_HOME = 64  # bits of an IPv6 address that name one connection

_MOST = 5
_AT_ONCE = 10_000
_DAY, _SEASON = timedelta(hours=24), timedelta(days=90)


class LeadTrace(Base):
    """What leads of one agency may have in common beside the person: connection, device, free text.

    Keyed digests of 64 bits, the agency's id within: they say nothing without the pepper, and nothing about the leads
    of others. Only leads that came with one of the three have a row.
    """

    __tablename__ = "lead_traces"
    __table_args__ = tuple(
        Index(f"ix_lead_traces_{name}", name, "submitted_at", postgresql_where=text(f"{name} IS NOT NULL"))
        for name in ("ip", "device", "comment")
    )

    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)
    ip: Mapped[int | None] = mapped_column(BigInteger)
    device: Mapped[int | None] = mapped_column(BigInteger)
    comment: Mapped[int | None] = mapped_column(BigInteger)
    submitted_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Repeated:
    """How many leads of the same agency have the same, this one among them, counted up to 5.

    Attributes:
        ips, devices: in the 24 hours before it or after it, whichever are more.
        texts: within 90 days of it.
    """

    ips: int
    devices: int
    texts: int


def repeated(lead_ids: Sequence[UUID]) -> dict[UUID, Repeated]:
    """For those of these leads that came with a connection, a device or a text: how often each was seen."""
    before, after = (LeadTrace.submitted_at - _DAY, LeadTrace.submitted_at), (LeadTrace.submitted_at, _later(_DAY))
    statement = select(
        LeadTrace.lead_id,
        func.greatest(_same("ip", *before), _same("ip", *after)),
        func.greatest(_same("device", *before), _same("device", *after)),
        _same("comment", LeadTrace.submitted_at - _SEASON, _later(_SEASON)),
    )
    rows = session().execute(statement.where(LeadTrace.lead_id.in_(lead_ids)))
    return {lead_id: Repeated(ips, devices, texts) for lead_id, ips, devices, texts in rows}


def _later(time: timedelta) -> ColumnElement[datetime]:
    return LeadTrace.submitted_at + time


def _same(column: str, since: Any, until: Any) -> ScalarSelect[int]:
    """How many leads of that time have the same, by the index of that column; no further than 5."""
    other = aliased(LeadTrace)
    alike = select(other.lead_id).where(getattr(other, column) == getattr(LeadTrace, column))
    few = alike.where(other.submitted_at.between(since, until)).limit(_MOST).correlate(LeadTrace).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def forget_old() -> int:
    """Delete up to 10,000 traces that nothing is compared with any longer; return how many."""
    old = select(LeadTrace.lead_id).where(LeadTrace.submitted_at < clock.now() - 2 * _SEASON).limit(_AT_ONCE)
    gone = session().execute(delete(LeadTrace).where(LeadTrace.lead_id.in_(old)).returning(LeadTrace.lead_id))
    return len(gone.all())


def trace_rows(agency_id: UUID, lead: Mapping[str, Any], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The row of `lead_traces` for an accepted lead, if it has any trace. row: its columns of `leads`."""
    ip, agent, words = (str(lead.get(name) or "").strip() for name in ("ip", "user_agent", "comment"))
    home = _connection(ip)
    comment = fold(words) if len(words) >= _SHORTEST_TEXT else ""
    if not home and not comment:
        return []
    return [
        {
            "lead_id": row["id"],
            "ip": _digest("trace.ip", agency_id, home),
            "device": _digest("trace.device", agency_id, f"{home}|{agent}" if home and agent else ""),
            "comment": _digest("trace.comment", agency_id, comment),
            "submitted_at": row["submitted_at"],
        }
    ]


def _connection(ip: str) -> str:
    """An IPv4 address, or the network of a household in IPv6; "" for anything else."""
    try:
        found = ip_address(ip)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return (found.ipv4_mapped and str(found.ipv4_mapped)) or f"{int(found) >> _HOME:x}"
    return str(found)


def _digest(kind: str, agency_id: UUID, value: str) -> int | None:
    """Equal for equal values of one agency, as PostgreSQL's bigint."""
    if not value:
        return None
    return int.from_bytes(blind_index(kind, f"{agency_id.hex}|{value}")[:_BYTES], signed=True)
