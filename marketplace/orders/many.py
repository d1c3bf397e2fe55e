"""Many rows reported at once, by API or file: each names an order or its lead, has its own result, stops no other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError
from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.kit.errors import Invalid, NotFound, Refusal
from marketplace.kit.forms import flat_messages
from marketplace.orders.models import Order
from marketplace.orders.queries import visible_to
from marketplace.people import Power, Who

MOST_ROWS = 1_000
#: a row as JSON, or a way to make it once its order is known (None where there is none)
Row = Mapping[str, Any] | Callable[[Order | None], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """How one row came out: its order and what was made of it, if anything; or why not."""

    index: int
    order_id: UUID | None = None
    made_id: UUID | None = None
    refusal: Refusal | None = None

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Why it was refused, a reason for each field, in the form of results everywhere."""
        if self.refusal is None:
            return []
        why = self.refusal
        fields = why.fields or {"": str(why)}
        return [{"code": why.code, "field": field, "message": str(words)} for field, words in fields.items()]


def take_each(
    who: Who,
    rows: Sequence[Row],
    names: Sequence[UUID | None],
    schema: Schema,
    take: Callable[[Order, Any], UUID | None],
) -> list[Told]:
    """Read each row by the schema and take it; what it makes has the id that `take` returns. Raises Forbidden.

    Args:
        names: for each row the id of the order or of the lead that it names, None where it names none.
    """
    who.need(Power.ORDERS_WRITE)
    orders = _locked(who, {name for name in names if name})
    return [
        _one(index, row, orders.get(name) if name else None, schema, take)
        for index, (row, name) in enumerate(zip(rows, names, strict=True))
    ]


def named(row: object) -> UUID | None:
    """The order or the lead that a row of JSON names."""
    if not isinstance(row, Mapping):
        return None
    try:
        return UUID(str(row.get("order_id") or row.get("lead_id")))
    except ValueError:
        return None


def _locked(who: Who, names: set[UUID]) -> dict[UUID, Order]:
    """The buyer's orders by their own ids and by their leads', locked in a fixed order."""
    wanted = select(Order).where(visible_to(who), Order.id.in_(names) | Order.lead_id.in_(names))
    found = session().scalars(wanted.order_by(Order.id).with_for_update()).all()
    return {key: order for order in found for key in (order.id, order.lead_id)}


def _one(index: int, row: Row, order: Order | None, schema: Schema, take: Callable[[Order, Any], UUID | None]) -> Told:
    try:
        with session().begin_nested():
            told = _loaded(schema, row(order) if callable(row) else row)
            if order is None:
                raise NotFound
            return Told(index, order.id, take(order, told))
    except Refusal as why:
        return Told(index, order.id if order else None, refusal=why)


def _loaded(schema: Schema, row: Mapping[str, Any]) -> Any:
    try:
        return schema.load(row)
    except ValidationError as error:
        raise Invalid(fields=dict(flat_messages(error))) from error
