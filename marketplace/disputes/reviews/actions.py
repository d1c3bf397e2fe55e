"""A decision is drawn for a second look; somebody else decides the case once more, for nobody's money."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace import events
from marketplace.disputes.actions import refuse_own_case
from marketplace.disputes.batches.queries import had_a_hand
from marketplace.disputes.errors import OwnDecision
from marketplace.disputes.models import Dispute
from marketplace.disputes.queries import DisputeLine, find_for
from marketplace.disputes.reviews.errors import NotDrawn, Reviewed, WrongReview
from marketplace.disputes.reviews.models import BlindReview
from marketplace.disputes.reviews.queries import case_for, had_a_say
from marketplace.disputes.reviews.rules import is_drawn
from marketplace.disputes.rules import REFUNDS
from marketplace.disputes.verdicts import VerdictRow
from marketplace.kit import clock
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import fresh, session
from marketplace.orders import is_per_sale
from marketplace.people import Power, Who


def draw(dispute_id: UUID) -> bool:
    """Whether a decision is to be looked at again: one in ten of staff's, and what a rule has marked. Twice is once."""
    dispute = session().get_one(Dispute, dispute_id)
    if dispute.state not in REFUNDS or dispute.refund_percent is None:
        return False
    verdict = session().get(VerdictRow, dispute.id)
    by_lot = dispute.decided_by is not None and is_drawn(blind_index("second_look", str(dispute.id)))
    if not (verdict.blind_review if verdict else by_lot):
        return False
    row = insert(BlindReview).values(
        dispute_id=dispute.id,
        first_by=dispute.decided_by,
        first_percent=dispute.refund_percent,
        drawn_at=clock.now(),
    )
    session().execute(row.on_conflict_do_nothing())
    return True


def case_open_to(who: Who, dispute_id: UUID) -> DisputeLine:
    """A case that waits for a second look, for somebody who may take it.

    Raises:
        NotFound, Forbidden, NotDrawn, OwnCase, OwnDecision.
    """
    line = case_for(who, dispute_id)
    _refuse_own(who, line.dispute, session().get_one(BlindReview, line.dispute.id))
    return line


def percents_of(dispute: Dispute) -> frozenset[int]:
    """The shares of the price that can go back."""
    return frozenset({0, 100} if is_per_sale(dispute.order_id) else {0, 25, 50, 100})


def review(who: Who, dispute_id: UUID, percent: int, reasoning: str) -> BlindReview:
    """Decide a drawn case without knowing what was decided; no money moves.

    Raises:
        NotFound, Forbidden, NotDrawn, Reviewed, OwnCase, OwnDecision, WrongReview.
    """
    who.need(Power.DISPUTES_DECIDE)
    dispute = find_for(who, dispute_id)
    row = session().scalars(fresh(select(BlindReview).where(BlindReview.dispute_id == dispute.id))).first()
    if row is None:
        raise NotDrawn
    _refuse_own(who, dispute, row)
    if row.decided_at:
        raise Reviewed
    if percent not in percents_of(dispute):
        raise WrongReview(fields={"percent": WrongReview.sentence})
    row.decided_by, row.decided_at = who.user_id, clock.now()
    row.percent, row.reasoning = percent, reasoning.strip()
    events.record("dispute.reviewed", dispute.id, by=who, agrees=percent == row.first_percent)
    return row


def _refuse_own(who: Who, dispute: Dispute, row: BlindReview) -> None:
    """Raises OwnCase, OwnDecision."""
    refuse_own_case(who, dispute)
    if row.first_by == who.user_id or had_a_hand(who, dispute.order_id) or had_a_say(who, dispute):
        raise OwnDecision
