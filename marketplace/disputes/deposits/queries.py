"""What a buyer's record asks of its next dispute, and what was left with one."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from marketplace.disputes.deposits.models import DisputeDeposit
from marketplace.disputes.deposits.rules import deposit_of
from marketplace.disputes.findings.trust import Trust, trust_of
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.orders import Order
from marketplace.quality.disputes import Standing, standing


class Demand(NamedTuple):
    """What the next dispute over an order needs beside its reason. `deposit`: of 0 where none is asked for."""

    trust: Trust
    is_strict: bool
    deposit: Money


def demand_of(order: Order) -> Demand:
    """From the buyer's decided disputes; the caller has found the order for its buyer."""
    trust = trust_of(order.buyer_id)
    asked = standing(trust.value, decided=trust.decided)
    cents = deposit_of(order.price_cents) if asked is Standing.DEPOSIT else 0
    return Demand(trust, asked is not Standing.NORMAL, Money(cents, order.currency))


def of_disputes(dispute_ids: Collection[UUID]) -> Mapping[UUID, DisputeDeposit]:
    """The deposits of disputes that the caller has found for somebody; those without are left out."""
    found = session().scalars(select(DisputeDeposit).where(DisputeDeposit.dispute_id.in_(dispute_ids)))
    return {each.dispute_id: each for each in found}
