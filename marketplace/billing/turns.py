"""Taking turns: what moves an organisation's money, or is written about it, happens one after the other."""

from uuid import UUID

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.people import Organisation


def one_at_a_time(org_id: UUID) -> None:
    """Wait until nobody else has this organisation's turn; it is ours until the transaction ends.

    Call it before looking at what limits the act, or at what is still to be told: then that holds until the end.
    """
    session().execute(select(Organisation.id).where(Organisation.id == org_id).with_for_update(key_share=True))
