"""Reading doubts: a buyer its own, staff any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, select

from marketplace.disputes.doubts.models import Doubt, DoubtCall, DoubtFile, Finding
from marketplace.kit import files
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads import Lead
from marketplace.orders import Order
from marketplace.people import Organisation, Power, Who
from marketplace.quality.measures import Share


@dataclass(frozen=True, slots=True)
class Tally:
    """How the calls of a doubt came out."""

    drawn: int
    bought: int
    did_not_buy: int
    unreachable: int

    @property
    def reached(self) -> int:
        return self.bought + self.did_not_buy

    @property
    def share(self) -> Share | None:
        """Of those that were reached the share that had bought, with its 80 % interval; None before any was."""
        return Share.of(self.bought, self.reached)


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call with its order and lead."""

    call: DoubtCall
    order: Order
    lead: Lead


def doubt_for(who: Who, doubt_id: UUID, *, lock: bool = False) -> Doubt:
    """A buyer's own doubt, or any for staff who decide. Raises NotFound, Forbidden."""
    wanted = select(Doubt).where(Doubt.id == doubt_id)
    if who.is_staff:
        who.need(Power.DISPUTES_DECIDE)
    else:
        who.need(Power.ORDERS_READ)
        wanted = wanted.where(Doubt.buyer_id == who.org_id)
    doubt = session().scalars(fresh(wanted) if lock else wanted).first()
    if doubt is None:
        raise NotFound
    return doubt


def newest_of(buyer_id: UUID) -> Doubt | None:
    """A buyer's newest doubt; the caller is that buyer, or has asked as staff."""
    return session().scalars(select(Doubt).where(Doubt.buyer_id == buyer_id).order_by(Doubt.id.desc()).limit(1)).first()


def doubts_for(who: Who, ask: Ask) -> Page[tuple[Doubt, Organisation]]:
    """Every doubt with its buyer, newest first, for staff. Raises Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    return page(
        select(Doubt, Organisation).join(Organisation, Organisation.id == Doubt.buyer_id),
        ask,
        by=[Doubt.id],
        key=lambda row: [row[0].id],
        build=lambda row: (row[0], row[1]),
    )


def calls_of(doubt: Doubt) -> Sequence[CallLine]:
    """The calls of a doubt that was found for staff, in the order in which they were drawn."""
    rows = (
        select(DoubtCall, Order, Lead)
        .join(Order, Order.id == DoubtCall.order_id)
        .join(Lead, Lead.id == Order.lead_id)
        .where(DoubtCall.doubt_id == doubt.id)
        .order_by(DoubtCall.id)
    )
    return [CallLine(*row) for row in session().execute(rows)]


def tally_of(doubt: Doubt) -> Tally:
    """How its calls came out so far."""
    counted = select(DoubtCall.finding, func.count()).where(DoubtCall.doubt_id == doubt.id).group_by(DoubtCall.finding)
    counts = dict(session().execute(counted).all())
    return Tally(sum(counts.values()), *(counts.get(finding.value, 0) for finding in Finding))


def files_of(doubt: Doubt) -> Sequence[DoubtFile]:
    """The files of a doubt that was found for somebody, oldest first."""
    return session().scalars(select(DoubtFile).where(DoubtFile.doubt_id == doubt.id).order_by(DoubtFile.id)).all()


def file_for(who: Who, doubt_id: UUID, file_id: UUID) -> tuple[DoubtFile, BinaryIO]:
    """One of them with its content. Raises NotFound, Forbidden."""
    doubt, found = doubt_for(who, doubt_id), session().get(DoubtFile, file_id)
    if found is None or found.doubt_id != doubt.id:
        raise NotFound
    return found, files.open_plain(found.stored_as)
