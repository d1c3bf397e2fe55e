"""What no news has told about for a while, oldest first: read by the product itself."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select

from marketplace.billing.models import OPEN, CardRefund, CardRefundState, TopUp
from marketplace.kit import clock
from marketplace.kit.db import session

#: news about something newer is still on its way
_LOST_AFTER = timedelta(minutes=2)


def open_pages(most: int) -> Sequence[str]:
    """Checkout pages of top-ups that are not paid yet."""
    stale = select(TopUp.session_id).where(
        TopUp.state.in_(OPEN), TopUp.session_id.is_not(None), TopUp.created_at < clock.now() - _LOST_AFTER
    )
    return [str(found) for found in session().scalars(stale.order_by(TopUp.created_at).limit(most))]


def unsettled_payments(most: int) -> Sequence[str]:
    """Payments in a wallet that Stripe has not accounted for yet."""
    unsettled = select(TopUp.payment_intent_id).where(TopUp.credited_at.is_not(None), TopUp.settled_at.is_(None))
    return [str(found) for found in session().scalars(unsettled.order_by(TopUp.credited_at).limit(most))]


def unsettled_refunds(most: int) -> Sequence[str]:
    """Refunds that Stripe has, and has not accounted for yet."""
    came_back = (CardRefund.state == CardRefundState.BOUNCED) & CardRefund.returned_at.is_(None)
    unsettled = select(CardRefund.refund_id).where(
        CardRefund.refund_id.is_not(None),
        CardRefund.state != CardRefundState.FAILED,
        or_(CardRefund.settled_at.is_(None), came_back),
    )
    return [str(found) for found in session().scalars(unsettled.order_by(CardRefund.asked_at).limit(most))]
