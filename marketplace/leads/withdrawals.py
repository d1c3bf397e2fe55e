"""Addresses whose readers want no more calls: kept as keyed digests, and asked for wherever a lead is offered."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.leads.models import LeadKey, WithdrawnEmail

# an agency's leads come in one chunk at a time; chunks of several agencies do not wait for each other
_TAKE_IN = text("""
SELECT pg_advisory_xact_lock(hashtextextended('intake:' || :agency, 0)),
       pg_advisory_xact_lock_shared(hashtextextended('withdrawn_emails', 0))
""")
_HOLD = text("SELECT pg_advisory_xact_lock_shared(hashtextextended('withdrawn_emails', 0))")
_WITHDRAW = text("SELECT pg_advisory_xact_lock(hashtextextended('withdrawn_emails', 0))")


def lock_intake(agency_id: UUID) -> None:
    """Until the end of the transaction nobody else takes leads of this agency in, and nobody withdraws an address."""
    session().execute(_TAKE_IN, {"agency": str(agency_id)})


def hold() -> None:
    """Until the end of the transaction nobody withdraws an address."""
    session().execute(_HOLD)


def keep(address: bytes) -> None:
    """Offer nothing with this address from now on, after waiting for chunks that have begun. Idempotent."""
    session().execute(_WITHDRAW)
    row = insert(WithdrawnEmail).values(digest=address, at=clock.now())
    session().execute(row.on_conflict_do_nothing())


def withdrawn_of(agency_id: UUID, digests: Collection[bytes]) -> frozenset[bytes]:
    """Those of these digests of e-mails that were withdrawn while the agency had the person: it is told of no other."""
    if not digests:
        return frozenset()
    had = LeadKey.agency_id == agency_id, LeadKey.digest == WithdrawnEmail.digest, LeadKey.kind == "email"
    its_own = exists().where(*had, LeadKey.received_at <= WithdrawnEmail.at)
    return frozenset(
        session().scalars(select(WithdrawnEmail.digest).where(WithdrawnEmail.digest.in_(digests), its_own))
    )


def withdrawn_among(digests: Collection[bytes]) -> frozenset[bytes]:
    """Those of these digests of e-mails that were withdrawn, at any agency."""
    if not digests:
        return frozenset()
    found = select(WithdrawnEmail.digest).where(WithdrawnEmail.digest.in_(digests))
    return frozenset(session().scalars(found))


def is_withdrawn(lead_id: Any) -> ColumnElement[bool]:
    """Whether who reads a lead's address wants no more calls, as a condition on a column that holds the lead's id."""
    stopped = func.stopped_leads().table_valued("lead_id", name="stopped")
    return exists().where(stopped.c.lead_id == lead_id)


def withdrawn_at(lead_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when the persons of these leads want no more calls; the leads of all others are left out."""
    found = select(LeadKey.lead_id, WithdrawnEmail.at).join(WithdrawnEmail, WithdrawnEmail.digest == LeadKey.digest)
    rows = session().execute(found.where(LeadKey.kind == "email", LeadKey.lead_id.in_(lead_ids)))
    return {lead_id: at for lead_id, at in rows}  # noqa: C416  # rows are no pairs to mypy
