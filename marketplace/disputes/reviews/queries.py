"""Reading second looks, for staff: what waits, how far reviewers agree, how often appeals change a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, exists, func, or_, select

from marketplace.disputes.evidence import evidence_of
from marketplace.disputes.models import Appeal, AppealState, Dispute, Evidence
from marketplace.disputes.queries import DisputeLine, line_for, lines_for
from marketplace.disputes.reviews.errors import NotDrawn
from marketplace.disputes.reviews.models import BlindReview
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.paging import Ask, Page, page
from marketplace.orders import Order
from marketplace.people import Power, Who
from marketplace.quality.agreement import Agreement, cohen, fleiss
from marketplace.quality.disputes import is_return_rate_reviewed

_NEWEST = 500
_YEAR, _LATELY = timedelta(days=366), timedelta(days=180)
#: cases that differ, on the page of staff
_SHOWN = 20
#: with fewer purchases a share says nothing
_LEAST_BOUGHT = 10


@dataclass(frozen=True, slots=True)
class Ratings:
    """How far reviewers agree on the newest 500 looks: with a person's decision, with a rule's, and all raters."""

    people: Agreement
    rules: Agreement
    all: Agreement


def waiting_for(who: Who, ask: Ask) -> Page[DisputeLine]:
    """Cases that wait for a second look by somebody who has not decided them, oldest first."""
    return page(
        lines_for(who).join(BlindReview, BlindReview.dispute_id == Dispute.id).where(*_open_to(who)),
        ask,
        by=[Dispute.id],
        key=lambda line: [line.id],
        build=DisputeLine.of,
        descending=False,
    )


def count_waiting(who: Who) -> int:
    """How many wait for this reviewer."""
    who.need(Power.DISPUTES_DECIDE)
    found = select(func.count()).select_from(BlindReview).join(Dispute, Dispute.id == BlindReview.dispute_id)
    return int(session().scalar(found.where(*_open_to(who))) or 0)


def case_for(who: Who, dispute_id: UUID) -> DisputeLine:
    """A case that waits for a second look. Raises NotFound, NotDrawn, Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    row = session().get(BlindReview, dispute_id)
    if row is None or row.decided_at:
        raise NotDrawn
    return line_for(who, dispute_id)


def evidence_at_decision(dispute: Dispute) -> Sequence[Evidence]:
    """The files that the first decision rests on: what a side gave with an appeal would tell that it had lost."""
    decided_at = dispute.decided_at
    return [each for each in evidence_of(dispute) if decided_at is None or each.added_at <= decided_at]


def own_answer(who: Who, dispute_id: UUID) -> BlindReview:
    """What this reviewer has answered. Raises NotDrawn, Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    row = session().get(BlindReview, dispute_id)
    if row is None or row.decided_by != who.user_id:
        raise NotDrawn
    return row


def ratings() -> Ratings:
    """Agreement beyond chance, with its interval and counts. For everybody to read."""
    third = select(Appeal.percent_after).where(Appeal.dispute_id == BlindReview.dispute_id).limit(1).scalar_subquery()
    done = select(BlindReview.first_by, BlindReview.first_percent, BlindReview.percent, third)
    newest = done.where(BlindReview.percent.is_not(None)).order_by(BlindReview.decided_at.desc()).limit(_NEWEST)
    rows = session().execute(newest).all()
    return Ratings(
        people=cohen([(first, second) for by, first, second, _third in rows if by]),
        rules=cohen([(first, second) for by, first, second, _third in rows if not by]),
        all=fleiss([[each for each in row[1:] if each is not None] for row in rows]),
    )


def differences_for(who: Who) -> Sequence[tuple[Dispute, BlindReview]]:
    """The newest cases in which the second look came to another share, both with their reasons. Raises Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    found = select(Dispute, BlindReview).join(BlindReview, BlindReview.dispute_id == Dispute.id)
    differ = found.where(BlindReview.percent != BlindReview.first_percent)
    return [
        (dispute, look)
        for dispute, look in session().execute(differ.order_by(BlindReview.decided_at.desc()).limit(_SHOWN))
    ]


def overturns() -> Sequence[tuple[date, int, int]]:
    """By month of the last year: (its first day, appeals decided, appeals won), newest first. For everybody to read."""
    month = cast(func.date_trunc("month", Appeal.decided_at), Date)
    won = func.count().filter(Appeal.state == AppealState.WON)
    decided = select(month, func.count(), won).where(Appeal.decided_at > clock.now() - _YEAR).group_by(month)
    return [(day, count, hits) for day, count, hits in session().execute(decided.order_by(month.desc()))]


def returners_for(who: Who) -> Sequence[tuple[UUID, int, int]]:
    """Buyers that send back more than a fifth of what they bought in 180 days: (buyer, returned, bought).

    Somebody looks at them; nothing is denied because of it. Raises Forbidden.
    """
    who.need(Power.DISPUTES_DECIDE)
    returned = func.count().filter(Order.refunded_cents > 0)
    bought = select(Order.buyer_id, returned, func.count()).where(Order.placed_at > clock.now() - _LATELY)
    many = bought.group_by(Order.buyer_id).having(func.count() >= _LEAST_BOUGHT)
    rows = session().execute(many.order_by((returned * 1.0 / func.count()).desc()).limit(100)).all()
    return [(buyer, back, count) for buyer, back, count in rows if is_return_rate_reviewed(back, count)]


def had_a_say(who: Who, dispute: Dispute) -> bool:
    """Whether somebody decided an appeal of this dispute."""
    said = exists().where(Appeal.dispute_id == dispute.id, Appeal.decided_by == who.user_id)
    return bool(session().scalar(select(said)))


def _open_to(who: Who) -> tuple[ColumnElement[bool], ...]:
    who.need(Power.DISPUTES_DECIDE)
    others = or_(BlindReview.first_by.is_(None), BlindReview.first_by != who.user_id)
    return BlindReview.decided_at.is_(None), others
