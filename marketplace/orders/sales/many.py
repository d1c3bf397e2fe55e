"""Sales of many leads told at once, by API or file: each row has a result of its own and stops no other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.kit.errors import Invalid, NotFound, Refusal
from marketplace.kit.forms import flat_messages
from marketplace.orders.models import Order
from marketplace.orders.queries import visible_to
from marketplace.orders.sales.no_sale import claim_no_sale
from marketplace.orders.sales.report import report
from marketplace.orders.sales.schemas import NamedSaleIn
from marketplace.people import Power, Who

_SCHEMA = NamedSaleIn()
#: a row as JSON, or a way to make it once its order is known (None where there is none)
Row = Mapping[str, Any] | Callable[[Order | None], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """How one row came out: the order and, for a sale, its id; or why not, `fields` by the name of the field."""

    index: int
    order_id: UUID | None = None
    sale_id: UUID | None = None
    refusal: Refusal | None = None

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Why it was refused, a reason for each field, in the form of results everywhere."""
        if self.refusal is None:
            return []
        why = self.refusal
        fields = why.fields or {"": str(why)}
        return [{"code": why.code, "field": field, "message": str(words)} for field, words in fields.items()]


def report_many(who: Who, rows: Sequence[Row], names: Sequence[UUID | None], *, via: str) -> list[Told]:
    """Report a sale, or that there was none, for each row. The same rows again change nothing.

    Args:
        names: for each row the id of the order or of the lead that it names, None where it names none.
        via: `api` or `file`.
    """
    who.need(Power.ORDERS_WRITE)
    orders = _locked(who, {name for name in names if name})
    return [
        _one(who, index, row, orders.get(name) if name else None, via)
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


def _one(who: Who, index: int, row: Row, order: Order | None, via: str) -> Told:
    try:
        with session().begin_nested():
            told = _loaded(row(order) if callable(row) else row)
            if order is None:
                raise NotFound
            if "no_sale" in told:
                claim_no_sale(who, order.id, told["no_sale"], told["note"])
                return Told(index, order.id)
            return Told(index, order.id, report(who, order.id, told["report"], via=via).id)
    except Refusal as why:
        return Told(index, order.id if order else None, refusal=why)


def _loaded(row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        told: dict[str, Any] = _SCHEMA.load(row)
    except ValidationError as error:
        raise Invalid(fields=dict(flat_messages(error))) from error
    return told
