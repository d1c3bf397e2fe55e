"""The queue of staff: the case in which most money would be decided wrongly by a coin first, 10 % more each day."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from marketplace.disputes.findings import OpinionRow
from marketplace.disputes.models import Dispute, DisputeState
from marketplace.disputes.queries import DisputeLine, is_held_back, lines_for
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page, page
from marketplace.people import Power, Who


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in the queue, with the probability that the dispute is right."""

    line: DisputeLine
    p_fake: float
    place: float

    @property
    def id(self) -> UUID:
        return self.line.id

    @property
    def at_stake(self) -> Money:
        """What a coin would decide wrongly on average."""
        price = self.line.order.price
        return Money(round(price.amount * min(self.p_fake, 1 - self.p_fake)), price.currency)


def queue_for(who: Who, ask: Ask, state: DisputeState, reason: str | None = None) -> Page[Waiting]:
    """Cases for staff, the most urgent first. state: `answered` can be decided, `open` may still be answered."""
    who.need(Power.DISPUTES_DECIDE)
    found = (
        lines_for(who)
        .join(OpinionRow, OpinionRow.dispute_id == Dispute.id)
        .where(Dispute.state == state, OpinionRow.place.is_not(None), ~is_held_back())
        .add_columns(OpinionRow.p_fake, OpinionRow.place)
    )
    if reason:
        found = found.where(Dispute.reason == reason)
    return page(found, ask, by=[OpinionRow.place, Dispute.id], key=lambda each: [each.place, each.id], build=_waiting)


def counts_by_reason(who: Who, state: DisputeState) -> dict[str, int]:
    """How many cases in this state there are of each reason."""
    who.need(Power.DISPUTES_DECIDE)
    counted = select(Dispute.reason, func.count()).where(Dispute.state == state, ~is_held_back())
    return dict(session().execute(counted.group_by(Dispute.reason)).all())


def _waiting(row: Any) -> Waiting:
    *line, p_fake, place = row
    return Waiting(DisputeLine.of(line), p_fake, place)
