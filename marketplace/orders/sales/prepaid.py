"""Buyers that take leads for a price only, because sales were proven not to have been reported.

What they took before goes on as agreed; `acquire_order` refuses further leads that are paid by the sale.
"""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.orders.sales.models import PrepaidBuyer
from marketplace.people import Who


def put_on(buyer_id: UUID, *, because: UUID, by: Who) -> None:
    """From now on for a price only; the same again changes nothing."""
    row = insert(PrepaidBuyer).values(buyer_id=buyer_id, because=because, since=clock.now(), set_by=by.user_id)
    session().execute(row.on_conflict_do_nothing())


def take_off(buyer_id: UUID) -> None:
    """It may take leads that are paid by the sale again."""
    session().execute(delete(PrepaidBuyer).where(PrepaidBuyer.buyer_id == buyer_id))


def is_prepaid(buyer_id: UUID) -> bool:
    """Whether a buyer takes leads for a price only."""
    return session().scalar(select(PrepaidBuyer.since).where(PrepaidBuyer.buyer_id == buyer_id)) is not None
