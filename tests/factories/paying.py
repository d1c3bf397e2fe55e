"""Buyers who pay with cards at Stripe's stand-in, and what becomes of their payments."""

from itertools import takewhile
from typing import Any
from uuid import UUID

from marketplace import billing
from marketplace.billing.models import TopUp
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.people import Who
from marketplace.stripe_emulator.world import world_of
from tests.factories.running import Payments

VISA = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
NO_MONEY = "4000 0000 0000 9995"
REFUND_LATER = "4000 0000 0000 7726"
TAKEN_BACK = "4000 0000 0000 0259"
REFUND_BOUNCES = "4000 0000 0000 5126"


def dollars(cents: int) -> Money:
    return Money(cents, "USD")


def pay_in(payments: Payments, who: Who, cents: int, card: str = VISA) -> UUID:
    """Money from a card in the wallet, not settled by Stripe yet; the top-up's id."""
    top_up = billing.open_checkout(who, lambda: billing.ask_top_up(who, dollars(cents)).id)
    assert payments.pay(str(top_up.checkout_url), card) == 303
    assert billing.look_up_checkout(who, top_up.id).is_paid
    return top_up.id


def top_up_of(top_up_id: UUID) -> TopUp:
    """As it stands now."""
    session().rollback()
    return session().get_one(TopUp, top_up_id, populate_existing=True)


def give_back(who: Who, cents: int, **more: Any) -> list[UUID]:
    """Ask for money back to the card; the ids of the parts."""
    with transaction():
        return [part.id for part in billing.ask_refund(who, dollars(cents), **more)]


def news_at_stripe(payments: Payments, since: str | None = None) -> list[tuple[str, str, str]]:
    """(id, type, id of its object) of each event there after the event `since`, newest first."""
    with world_of(payments.app).store.transaction() as rows:
        newer = takewhile(lambda event: event["id"] != since, rows.newest_first("event"))
        return [(event["id"], event["type"], event["data"]["object"]["id"]) for event in newer]
