"""Buying: one call of `place_order` (for a price) or `acquire_order` (paid by the sale), all of it or nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Uuid,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from marketplace.catalog import VERTICALS, Listing, price_column
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.direct import Act
from marketplace.kit.errors import Refusal
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.leads import Lead, LeadState, holds, is_withdrawn, twins
from marketplace.orders.errors import NotReady, OverMaximum, refusal
from marketplace.orders.rules import TRIAL
from marketplace.people import Power, Who

_PARAMETERS: dict[str, Any] = {
    "order": Uuid(), "entry": Uuid(), "event": Uuid(), "lead": Uuid(), "buyer": Uuid(), "user": Uuid(), "via": String(),
    "price": BigInteger(), "currency": String(), "now": DateTime(timezone=True), "key": String(),
    "asked": LargeBinary(), "trial": JSONB(),
}  # fmt: skip


def arguments(**instead: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """What `place_order` takes: parameters to be bound under these names, or something else in their stead."""
    return [instead.get(name, bindparam(name, type_=kind)) for name, kind in _PARAMETERS.items()]


PLACE = Act(select(func.place_order(*arguments()).label("order_id")))
ACQUIRE = Act(
    select(func.acquire_order(*arguments(), bindparam("terms_version", type_=Integer())).label("order_id")),
)


@dataclass(frozen=True, slots=True)
class Bought:
    """How one lead of several came out: an order, or why not."""

    lead_id: UUID
    order_id: UUID | None
    refusal: Refusal | None = None


def place(
    who: Who,
    lead_id: UUID,
    quoted: Money,
    *,
    key: str | None = None,
    asked: bytes = b"",
    terms_version: int | None = None,
) -> UUID:
    """Buy one lead at the quoted price; return the order's id. Within a transaction, or `alone()`.

    Args:
        key, asked: an idempotency key and the digest of the request; the same again gives the same order.
        terms_version: the lead is paid by the sale, on this version of the listing's terms, which the buyer has seen
            and agrees to; `quoted` is the deposit then.

    Raises: what `errors.py` declares, ledger.Overdrawn, IdempotencyConflict. Nothing has changed then.
    """
    _may_buy(who)
    trial = None if who.is_verified else NOT_VERIFIED
    whose = {"buyer": who.org_id, "user": who.user_id, "via": who.via, "trial": trial}
    act, terms = (PLACE, {}) if terms_version is None else (ACQUIRE, {"terms_version": terms_version})
    try:
        placed: UUID = act.first(**sale(lead_id, quoted, key, asked), **whose, **terms).order_id
    except DBAPIError as error:
        raise refusal(error) from error
    return placed


def sale(lead_id: UUID, quoted: Money, key: str | None, asked: bytes) -> dict[str, Any]:
    """Values for `arguments`: all but who buys."""
    return {
        "order": new_id(),
        "entry": new_id(),
        "event": new_id(),
        "lead": lead_id,
        "price": quoted.amount,
        "currency": quoted.currency,
        "now": clock.now(),
        "key": key,
        "asked": asked,
    }


def place_many(who: Who, lead_ids: Sequence[UUID], most: Money, *, all_or_nothing: bool) -> list[Bought]:
    """Buy several leads in one go at today's prices, in a fixed order, as long as they cost no more than `most`.

    Returns: one result for each lead, in the order asked for. With `all_or_nothing` every one is an order.

    Raises:
        OverMaximum: together they would cost more; with `all_or_nothing` also the first refusal. Nothing is bought.
    """
    _may_buy(who)
    prices = _prices(who.org_id, lead_ids)
    if (
        any(p.currency != most.currency for p in prices.values())
        or sum(p.amount for p in prices.values()) > most.amount
    ):
        raise OverMaximum
    twins.lock_persons(lead_ids)
    nothing = Money(0, most.currency)  # what no lead costs: who asks for one that was not offered is told why not
    results = {
        lead_id: _place_one(who, lead_id, prices.get(lead_id, nothing), keep_going=not all_or_nothing)
        for lead_id in sorted(set(lead_ids))
    }
    return [results[lead_id] for lead_id in lead_ids]


def price_now(buyer_id: UUID, lead_id: UUID) -> Money | None:
    """What a lead costs a buyer now, which is locked by it; None when it is not on sale to that one."""
    return _prices(buyer_id, [lead_id]).get(lead_id)


def _place_one(who: Who, lead_id: UUID, price: Money, *, keep_going: bool) -> Bought:
    try:
        with session().begin_nested():
            return Bought(lead_id, place(who, lead_id, price))
    except Refusal as why:
        if not keep_going:
            raise
        return Bought(lead_id, None, why)


def _prices(buyer_id: UUID, lead_ids: Sequence[UUID]) -> dict[UUID, Money]:
    """Today's prices of those on sale to a buyer.

    All of them are locked, also those that are not on sale, and in order, so that nobody waits in a circle.
    """
    cents = price_column(Listing.price_cents, Listing.price_curve, Lead.submitted_at, clock.now())
    is_offered = and_(
        Lead.state == LeadState.AVAILABLE, ~holds.is_held(), ~is_withdrawn(Lead.id), *twins.is_for(buyer_id)
    )
    statement = (
        select(Lead.id, Listing.currency, cents.label("cents"), is_offered.label("is_offered"))
        .join(Listing, Listing.id == Lead.listing_id)
        .where(Lead.id.in_(lead_ids))
        .order_by(Lead.id)
        .with_for_update(of=Lead, key_share=True)
    )
    return {row.id: Money(row.cents, row.currency) for row in session().execute(statement) if row.is_offered}


def _may_buy(who: Who) -> None:
    who.need(Power.ORDERS_WRITE)
    if not (who.is_confirmed and who.has_terms):
        raise NotReady


#: what a buyer may do whom staff have not verified
NOT_VERIFIED = json.dumps(TRIAL.to_json([slug for slug, trade in VERTICALS.items() if trade.is_sensitive]))
