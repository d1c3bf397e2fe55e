"""Saved cards, always for somebody."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from marketplace.billing.models import CardSetup, CardSetupState, SavedCard, StripeCustomer
from marketplace.billing.rules import CHECKOUT_TIME
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.people import Power, Who


def cards_for(who: Who) -> Sequence[SavedCard]:
    """A buyer's saved cards, the default one first, then the newest."""
    who.need(Power.WALLET_READ)
    ordered = live_cards(who.org_id).order_by(SavedCard.is_default.desc(), SavedCard.id.desc())
    return session().scalars(ordered).all()


def card_for(who: Who, card_id: UUID) -> SavedCard:
    """One of them, also when it was removed. Raises NotFound, Forbidden."""
    who.need(Power.WALLET_READ)
    found = session().scalar(select(SavedCard).where(SavedCard.id == card_id, SavedCard.org_id == who.org_id))
    if found is None:
        raise NotFound
    return found


def setup_for(who: Who, setup_id: UUID) -> CardSetup:
    """A buyer's own wish to save a card. Raises NotFound, Forbidden."""
    who.need(Power.WALLET_READ)
    found = session().scalar(select(CardSetup).where(CardSetup.id == setup_id, CardSetup.org_id == who.org_id))
    if found is None:
        raise NotFound
    return found


def live_cards(org_id: UUID) -> Select[SavedCard]:
    """The cards that an organisation has saved and not removed."""
    return select(SavedCard).where(SavedCard.org_id == org_id, SavedCard.removed_at.is_(None))


def customer_of(org_id: UUID) -> StripeCustomer | None:
    """An organisation that was found for somebody before, as Stripe knows it."""
    return session().scalar(select(StripeCustomer).where(StripeCustomer.org_id == org_id))


def open_card_pages(most: int) -> Sequence[str]:
    """Pages that were to save a card and have not, once their time is over; oldest first."""
    stale = select(CardSetup.page_id).where(
        CardSetup.state == CardSetupState.CREATED,
        CardSetup.page_id.is_not(None),
        CardSetup.created_at < clock.now() - CHECKOUT_TIME,
    )
    return [str(found) for found in session().scalars(stale.order_by(CardSetup.created_at).limit(most))]
