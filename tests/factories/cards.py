"""Cards that buyers have saved at Stripe's stand-in, and wallets that fill themselves from them."""

import itertools
from uuid import UUID

import httpx
from sqlalchemy import select

from marketplace.billing import cards
from marketplace.billing.actions import cards as actions
from marketplace.billing.actions import stripe_calls
from marketplace.billing.gateway import CardPage, Customer, SeenCard
from marketplace.billing.models import CallState, Recharge, SavedCard, TopUp
from marketplace.billing.queries import call_of, customer_of
from marketplace.kit.db import session, transaction
from marketplace.people import Who
from tests.factories.paying import VISA, dollars
from tests.factories.running import Payments

MASTERCARD = "5555 5555 5555 4444"
DECLINED_LATER = "4000 0000 0000 0341"
ASKS_ALWAYS = "4000 0027 6000 3184"
_NUMBERS = itertools.count(1)


def enter(payments: Payments, url: str, card: str = VISA) -> None:
    """Save a card on Stripe's page, and tell its bank that one is its owner."""
    assert payments.pay(url, card) == 303
    with httpx.Client(timeout=10, trust_env=False, verify=False) as browser:
        browser.post(f"{url}/bank", data={"answer": "approve"})


def open_page(who: Who) -> cards.CardSetup:
    """A page of Stripe's that waits for a card."""
    return cards.open_card_page(who, lambda: cards.ask_card(who).id)


def save_card(payments: Payments, who: Who, card: str = VISA) -> UUID:
    """A saved card; its id."""
    setup = open_page(who)
    enter(payments, str(setup.page_url), card)
    saved = cards.look_up_card_page(who, setup.id).card_id
    assert saved
    return saved


def keep_card(who: Who, last4: str = "4242") -> cards.CardSetup:
    """A saved card without Stripe: the same acts, with a page of our own making; the wish that led to it."""
    n = next(_NUMBERS)
    with transaction():
        setup = cards.ask_card(who)
        customer = customer_of(who.org_id)
        assert customer
        actions.attach_customer(customer.id, Customer(customer.stripe_id or f"cus_{n}", who.org_id))
        seen = SeenCard(f"pm_{n}", "visa", last4, 12, 2034, f"fingerprint of {n}")
        page = CardPage(f"cs_card_{n}", setup.id, "https://save.test", customer.stripe_id, seen, is_closed=False)
        for kind, about in (("open_customer", customer.id), ("open_card_page", setup.id)):
            asked = call_of(kind, about)
            if asked:
                stripe_calls.end(asked, CallState.DONE)
        actions.settle_page(page)
        return setup


def card_of(card_id: UUID) -> SavedCard:
    """As it stands now."""
    session().rollback()
    return session().get_one(SavedCard, card_id, populate_existing=True)


def fill_from(who: Who, card_id: UUID, *, below: int = 50_00, amount: int = 100_00, is_on: bool = True) -> UUID:
    """Have a wallet fill itself; the settings' id."""
    with transaction():
        return cards.set_recharge(who, cards.Wish(is_on, dollars(below), dollars(amount), card_id)).id


def recharge_of(recharge_id: UUID) -> Recharge:
    """As it stands now."""
    session().rollback()
    return session().get_one(Recharge, recharge_id, populate_existing=True)


def charges_of(recharge_id: UUID) -> list[TopUp]:
    """Every charge that was claimed, oldest first."""
    session().rollback()
    mine = select(TopUp).where(TopUp.recharge_id == recharge_id).order_by(TopUp.id)
    return list(session().scalars(mine.execution_options(populate_existing=True)))
