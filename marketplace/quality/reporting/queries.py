"""Reading the tests: staff all of them, a buyer its own."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, func, select

from marketplace import leads
from marketplace.kit.db import session
from marketplace.kit.paging import Ask, Page, page
from marketplace.people import Organisation, Power, Who
from marketplace.quality.facts import SoldLead
from marketplace.quality.reporting.models import ReportNight, ReportTest, TestedLead

_MOST_NIGHTS = 60


def tests_for(who: Who, ask: Ask) -> Page[tuple[ReportTest, Organisation]]:
    """Every buyer's test with the buyer, flagged and watched ones first. Raises Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    rank = func.num_nonnulls(ReportTest.watched_at, ReportTest.flagged_at, type_=Integer())
    return page(
        select(ReportTest, Organisation).join(Organisation, Organisation.id == ReportTest.buyer_id),
        ask,
        by=[rank, ReportTest.leads, ReportTest.buyer_id],
        key=lambda row: [bool(row[0].watched_at) + bool(row[0].flagged_at), row[0].leads, row[0].buyer_id],
        build=lambda row: (row[0], row[1]),
    )


def test_of(buyer_id: UUID) -> ReportTest | None:
    """A buyer's test; the caller is that buyer, or has asked for it as staff."""
    return session().get(ReportTest, buyer_id)


def nights_of(buyer_id: UUID) -> Sequence[ReportNight]:
    """How it stood in its newest nights, newest first."""
    nights = select(ReportNight).where(ReportNight.buyer_id == buyer_id).order_by(ReportNight.night.desc())
    return session().scalars(nights.limit(_MOST_NIGHTS)).all()


def unreported_of(buyer_id: UUID, salt: str, most: int) -> Sequence[UUID]:
    """Purchases that entered the test without a report, drawn by lot: the same lot for the same salt.

    Whose person wants no more calls is left out.
    """
    lot = func.md5(func.concat(TestedLead.order_id, salt))
    drawn = (
        select(TestedLead.order_id)
        .join(SoldLead, SoldLead.order_id == TestedLead.order_id)
        .where(TestedLead.buyer_id == buyer_id, TestedLead.chance.is_not(None), TestedLead.reported.is_(False))
        .where(~leads.is_withdrawn(SoldLead.lead_id))
    )
    return session().scalars(drawn.order_by(lot).limit(most)).all()
