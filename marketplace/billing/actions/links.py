"""Agencies and buyers of one hand are found when a card or a bank becomes known, and again as people come and go."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.billing.models import LinkedParty, MarkKind, PaymentMark
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session


def note_mark(org_id: UUID, kind: MarkKind, digest: bytes) -> None:
    """An organisation has paid with this card, or is paid to this bank; whoever has it too is of one hand with it."""
    new = insert(PaymentMark).values(org_id=org_id, kind=kind, digest=digest, since=clock.now())
    added = session().execute(new.on_conflict_do_nothing().returning(PaymentMark.org_id)).first()
    if added:
        # of two who come with the same mark at once the second waits here, and then sees the first
        session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"mark:{digest.hex()}"))))
        _link(kind, digest)


def link_again() -> None:
    """Find all pairs anew: people have joined and left since cards and banks became known."""
    session().execute(select(func.pg_advisory_xact_lock(func.hashtext("link_parties"))))
    _link(None, None)


def _link(kind: MarkKind | None, digest: bytes | None) -> None:
    found = func.link_parties(clock.now(), kind, digest).table_valued(*LinkedParty.__table__.columns.keys())
    for pair in session().execute(select(found)):
        record("parties.linked", pair.buyer_id, by=SYSTEM, orgs=[pair.agency_id, pair.buyer_id], why=pair.why)
