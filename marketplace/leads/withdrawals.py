"""Addresses whose readers want no more calls: kept as keyed digests, and asked for at intake."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.leads.models import WithdrawnEmail

# an agency's leads come in one chunk at a time; chunks of several agencies do not wait for each other
_TAKE_IN = text("""
SELECT pg_advisory_xact_lock(hashtextextended('intake:' || :agency, 0)),
       pg_advisory_xact_lock_shared(hashtextextended('withdrawn_emails', 0))
""")
_WITHDRAW = text("SELECT pg_advisory_xact_lock(hashtextextended('withdrawn_emails', 0))")


def lock_intake(agency_id: UUID) -> None:
    """Until the end of the transaction nobody else takes leads of this agency in, and nobody withdraws an address."""
    session().execute(_TAKE_IN, {"agency": str(agency_id)})


def keep(address: bytes) -> None:
    """Take nothing with this address in from now on; chunks that have begun are waited for. Again is no matter."""
    session().execute(_WITHDRAW)
    row = insert(WithdrawnEmail).values(digest=address, at=clock.now())
    session().execute(row.on_conflict_do_nothing())


def withdrawn_among(digests: Collection[bytes]) -> frozenset[bytes]:
    """Those of these digests of e-mails that were withdrawn: one look for a whole chunk."""
    if not digests:
        return frozenset()
    found = select(WithdrawnEmail.digest).where(WithdrawnEmail.digest.in_(digests))
    return frozenset(session().scalars(found))
