"""What can go back to cards, and what is on its way there."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists, select

from marketplace.billing.models import PAID, CardRefund, Chargeback, ChargebackState, TopUp
from marketplace.billing.queries.wallets import available_for
from marketplace.billing.rules import REFUNDABLE_FOR, newest_first
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.people import Power, Who


def refundable_for(who: Who, currency: str) -> Sequence[tuple[TopUp, int]]:
    """What of a wallet can go back to cards now: each top-up with its part in minor units, newest first."""
    who.need(Power.WALLET_READ)
    found = refundable_top_ups(who.org_id, currency)
    parts = newest_first([top_up.unrefunded.amount for top_up in found], available_for(who, currency))
    return [(top_up, cents) for top_up, cents in zip(found, parts, strict=True) if cents]


def refundable_of(who: Who, top_up: TopUp) -> int:
    """What of one top-up, which was found for somebody, can go back to its card now, in minor units."""
    who.need(Power.WALLET_READ)
    can_go = any(each.id == top_up.id for each in refundable_top_ups(who.org_id, top_up.currency))
    return min(top_up.unrefunded.amount, available_for(who, top_up.currency)) if can_go else 0


def refundable_top_ups(org_id: UUID, currency: str, *, lock: bool = False) -> Sequence[TopUp]:
    """Paid top-ups of which something can still go back to the card, newest first, whatever the wallet holds.

    Left out: what is older than cards take money back, and what a bank has taken back or may still take.
    """
    wanted = (
        select(TopUp)
        .where(
            TopUp.org_id == org_id,
            TopUp.currency == currency,
            TopUp.state.in_(PAID),
            TopUp.refunded_cents < TopUp.amount_cents,
            TopUp.credited_at > clock.now() - REFUNDABLE_FOR,
            ~exists().where(Chargeback.top_up_id == TopUp.id, Chargeback.state != ChargebackState.WON),
        )
        .order_by(TopUp.credited_at.desc(), TopUp.id.desc())
    )
    return session().scalars(fresh(wanted) if lock else wanted).all()


def refunds_for(who: Who, ask: Ask) -> Page[CardRefund]:
    """A buyer's refunds to cards, newest first."""
    who.need(Power.WALLET_READ)
    mine = select(CardRefund).where(CardRefund.org_id == who.org_id)
    return page(mine, ask, by=[CardRefund.id], key=lambda refund: [refund.id])


def refund_for(who: Who, card_refund_id: UUID) -> CardRefund:
    """One of them. Raises NotFound, Forbidden."""
    return _one(find_refunds_for(who, [card_refund_id]))


def find_refunds_for(who: Who, card_refund_ids: Collection[UUID]) -> Sequence[CardRefund]:
    """Those of these refunds that are the buyer's."""
    who.need(Power.WALLET_READ)
    mine = select(CardRefund).where(CardRefund.org_id == who.org_id, CardRefund.id.in_(card_refund_ids))
    return session().scalars(mine.order_by(CardRefund.id)).all()


def wish_for(who: Who, wish_id: UUID) -> Sequence[CardRefund]:
    """All parts of one wish, in the order in which they were taken. Raises NotFound, Forbidden."""
    who.need(Power.WALLET_READ)
    parts = select(CardRefund).where(CardRefund.org_id == who.org_id, CardRefund.wish_id == wish_id)
    found = session().scalars(parts.order_by(CardRefund.id)).all()
    _one(found)
    return found


def _one(found: Sequence[CardRefund]) -> CardRefund:
    if not found:
        raise NotFound
    return found[0]
