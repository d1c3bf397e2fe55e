"""Reading appeals: of disputes that the caller has found for somebody, and what they have made of a decision."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from marketplace import orders
from marketplace.disputes import rules
from marketplace.disputes.models import Appeal, AppealState, Dispute
from marketplace.disputes.queries import DisputeLine, is_held_back, lines_for
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.paging import Ask, Page, page
from marketplace.orders.queries import is_frozen
from marketplace.people import Power, Who

BUYER, AGENCY = "buyer", "agency"


def appeals_of(dispute: Dispute, *, lock: bool = False) -> Sequence[Appeal]:
    """The dispute's appeals, oldest first."""
    found = select(Appeal).where(Appeal.dispute_id == dispute.id).order_by(Appeal.id)
    return session().scalars(fresh(found) if lock else found).all()


def appeals_by_dispute(dispute_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Appeal]]:
    """The same for several disputes."""
    found: Mapping[UUID, list[Appeal]] = {dispute_id: [] for dispute_id in dispute_ids}
    for each in session().scalars(select(Appeal).where(Appeal.dispute_id.in_(dispute_ids)).order_by(Appeal.id)):
        found[each.dispute_id].append(each)
    return found


def of_side(appeals: Iterable[Appeal], side: str) -> Appeal | None:
    """The one of this side, if it appealed."""
    return next((each for each in appeals if each.side == side), None)


def as_it_stands(dispute: Dispute, appeals: Iterable[Appeal]) -> int:
    """What goes back, in percent: as decided, or as the buyer's appeal has changed it."""
    return _changed(dispute.refund_percent or 0, of_side(appeals, BUYER))


def in_the_end(dispute: Dispute, appeals: Collection[Appeal]) -> int:
    """What should have gone back, whichever side won; an agency's appeal is decided last."""
    return _changed(as_it_stands(dispute, appeals), of_side(appeals, AGENCY))


def percent_in_the_end() -> ColumnElement[int]:
    """`in_the_end` beside a dispute in a statement; 0 where nothing was decided."""
    changed = [
        select(Appeal.percent_after)
        .where(Appeal.dispute_id == Dispute.id, Appeal.side == side, Appeal.state != AppealState.OPEN)
        .scalar_subquery()
        for side in (AGENCY, BUYER)
    ]
    return func.coalesce(*changed, Dispute.refund_percent, 0)


def outcomes(dispute: Dispute, appeals: Iterable[Appeal], side: str) -> frozenset[int]:
    """The shares of the price that an appeal of this side can come to."""
    is_per_sale = orders.is_per_sale(dispute.order_id)
    return rules.appeal_outcomes(side, as_it_stands(dispute, appeals), is_per_sale=is_per_sale)


def is_buyers_turn(dispute: Dispute, appeals: Iterable[Appeal]) -> bool:
    """Whether the buyer may still get more of the price back: by an appeal that is open or that it may still make."""
    if row := of_side(appeals, BUYER):
        return row.is_open
    now = dispute.decided_at if is_frozen(dispute.order_id) else clock.now()  # while a bank holds it, no time runs
    return now is not None and rules.appeal_hindrance(dispute, BUYER, None, now) is None


def appealed_for(who: Who, ask: Ask) -> Page[DisputeLine]:
    """Disputes with an open appeal for staff, those that must be decided first at the top."""
    who.need(Power.DISPUTES_DECIDE)
    first = (
        select(Appeal.dispute_id, func.min(Appeal.decide_by).label("decide_by"))
        .where(Appeal.state == AppealState.OPEN)
        .group_by(Appeal.dispute_id)
        .subquery()
    )
    statement = lines_for(who).join(first, first.c.dispute_id == Dispute.id).add_columns(first.c.decide_by)
    statement = statement.where(~is_held_back(appeal=True))
    return page(
        statement,
        ask,
        by=[first.c.decide_by, Dispute.id],
        key=lambda line: [line.decide_by, line.id],
        build=DisputeLine.of,
        descending=False,
    )


def count_open(who: Who) -> int:
    """How many appeals wait for staff, without those of a case of which one has just been decided."""
    who.need(Power.DISPUTES_DECIDE)
    waiting = Appeal.state == AppealState.OPEN, ~is_held_back(Appeal.dispute_id, appeal=True)
    return int(session().scalar(select(func.count(Appeal.id)).where(*waiting)) or 0)


def _changed(percent: int, appeal: Appeal | None) -> int:
    return appeal.percent_after or 0 if appeal and not appeal.is_open else percent
