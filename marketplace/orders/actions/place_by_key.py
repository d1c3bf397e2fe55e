"""Buying with an API key in one statement: it finds out who is asking, buys, and reads what the answer shows.

The ordinary way takes three (who, `place`, the order's line) and comes to the same. For somebody who may not buy this
one does nothing: the ordinary way then says why not.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import CTE, bindparam, case, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from marketplace.catalog import Listing
from marketplace.kit.direct import Act, snapshot
from marketplace.kit.money import Money
from marketplace.leads import Lead
from marketplace.orders.actions.place import NOT_VERIFIED, arguments, sale
from marketplace.orders.errors import refusal
from marketplace.orders.models import Order
from marketplace.orders.queries import OrderLine
from marketplace.people import Organisation, Power, queries

#: what an answer may show, with all its columns but for the sealed contact, which is not for an answer
_SHOWN: tuple[tuple[type[Any], list[str]], ...] = tuple(
    (model, [column.name for column in model.__table__.columns if column.name != "sealed"])
    for model in (Order, Lead, Listing, Organisation)
)


def _statement() -> Act:
    holder, offered = queries.holder(), _offered()
    trial = case((holder.c.verified_at.is_(None), bindparam("trial", type_=JSONB())))
    whose = {"buyer": holder.c.org_id, "user": holder.c.user_id, "trial": trial}
    may = queries.may(holder, Power.ORDERS_READ, Power.ORDERS_WRITE)
    call = func.place_order_row(may, *arguments(lead=offered.c.id, **whose))
    sold = call.table_valued(*_SHOWN[0][1]).lateral("sold")
    shown = [*sold.c, literal_column("offered.*")]
    return Act(select(*shown).select_from(holder).join(offered, true()).join(sold, true()))


def _offered() -> CTE:
    """The lead with its listing and agency: at most one row, read first, so that the wallet is locked for less time."""
    found = (
        select(*(getattr(model, name) for model, names in _SHOWN[1:] for name in names))
        .join(Listing, Listing.id == Lead.listing_id)
        .join(Organisation, Organisation.id == Lead.agency_id)
        .where(Lead.id == bindparam("lead"))
    )
    return found.cte("offered").prefix_with("MATERIALIZED")


_PLACE_AND_SHOW = _statement()


def place_by_key(
    secret_hash: bytes, lead_id: UUID, quoted: Money, *, key: str | None = None, asked: bytes = b""
) -> OrderLine | None:
    """Buy one lead at the quoted price for the maker of an API key; the order, to be looked at only.

    Args:
        secret_hash: of the API key, by `queries.hash_of_key`.
        key, asked: as for `place`.

    Returns: None when the key is not known or may not do this: nothing was done then.

    Raises: as `place`.
    """
    try:
        row = _PLACE_AND_SHOW.first(
            secret_hash=secret_hash, via="api", trial=NOT_VERIFIED, **sale(lead_id, quoted, key, asked)
        )
    except DBAPIError as error:
        raise refusal(error) from error
    return _line(row) if row else None


def _line(row: tuple[Any, ...]) -> OrderLine:
    values = iter(row)
    order, lead, listing, agency = (dict(zip(names, values, strict=False)) for _model, names in _SHOWN)
    lead["slots_taken"] = order["slot"]  # the lead was read as it stood before
    return OrderLine(
        snapshot(Order, order), snapshot(Lead, lead), snapshot(Listing, listing), snapshot(Organisation, agency)
    )
