"""Where a lead stands in the catalogue: set at intake, and anew when what its agency's grade brings changes.

`Lead.place` is when the person asked, moved by the head start of the agency's grade (`catalog.visibility`).
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text, update

from marketplace.catalog import Listing, terms_of_agency
from marketplace.kit.db import session, transaction
from marketplace.leads.models import Lead, LeadState
from marketplace.leads.withdrawals import lock_intake

_AT_ONCE = 1_000
_FIRST = UUID(int=0)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('places:' || :agency, 0))")


def head_start_of(agency_id: UUID) -> timedelta:
    """By how much younger the agency's leads count now."""
    return terms_of_agency(agency_id).head_start


def place_anew(agency_id: UUID) -> int:
    """Put the agency's leads that are on sale where they belong now; how many moved. Opens its own transactions.

    Again, or begun again after a crash, it moves only what stands elsewhere.
    """
    with transaction():
        lock_intake(agency_id)  # a chunk that came in under the terms of before is waited for, and then seen
    moved, some = 0, _some_moved(agency_id, _FIRST)
    while some:
        moved += len(some)
        some = _some_moved(agency_id, some[-1])
    return moved


def agencies_after(agency_id: UUID | None, most: int) -> Sequence[UUID]:
    """The next agencies that ever offered anything, by their ids."""
    offering = select(Listing.agency_id).where(Listing.agency_id > (agency_id or _FIRST)).distinct()
    return session().scalars(offering.order_by(Listing.agency_id).limit(most)).all()


def _some_moved(agency_id: UUID, after: UUID) -> Sequence[UUID]:
    """The next leads that stood elsewhere, by their ids."""
    with transaction():
        session().execute(_ONE_AT_A_TIME, {"agency": str(agency_id)})  # else an older run could have the last word
        place = Lead.submitted_at + head_start_of(agency_id)
        elsewhere = (
            select(Lead.id)
            .where(Lead.agency_id == agency_id, Lead.id > after)
            .where(Lead.state == LeadState.AVAILABLE, Lead.place != place)
            .order_by(Lead.id)
            .limit(_AT_ONCE)
            .with_for_update(key_share=True)
        )
        found = session().scalars(elsewhere).all()
        move = update(Lead).where(Lead.id.in_(found)).values(place=place)
        session().execute(move.execution_options(synchronize_session=False))
    return found
