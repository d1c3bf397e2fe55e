"""Addresses to which a letter of ours could not be delivered for good. The address itself is not kept."""

from sqlalchemy.dialects.postgresql import insert

from marketplace.checks import canonical_email
from marketplace.kit import clock
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import session
from marketplace.leads.models import Bounce


def note(address: str) -> None:
    """Remember that a letter to this address bounced. Idempotent."""
    canonical = canonical_email(address)
    if not canonical:
        return
    now = clock.now()
    row = insert(Bounce).values(digest=blind_index("email", canonical), first_at=now, last_at=now)
    session().execute(row.on_conflict_do_update(index_elements=["digest"], set_={"last_at": now}))
