"""Saved cards: the calls behind them, and the edges of a page that waits for Stripe's own."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from marketplace.billing import rules
from marketplace.billing.actions import cards, recharges, top_ups
from marketplace.billing.actions.payments import settle_payment
from marketplace.billing.calls import engine
from marketplace.billing.calls.checkout import LABEL, public_url
from marketplace.billing.calls.engine import Call
from marketplace.billing.gateway import CardPageAsk, ChargeAsk, CustomerAsk, Payer
from marketplace.billing.models import CardSetup, CardSetupState, SavedCard, StripeCustomer
from marketplace.billing.queries import call_of, customer_of, setup_for
from marketplace.kit.db import session, transaction
from marketplace.people import Organisation, Who

#: Stripe's clock may be behind ours
_SKEW = timedelta(minutes=10)


def open_card_page(who: Who, ask: Callable[[], UUID]) -> CardSetup:
    """Ask to save a card (`ask` runs in a transaction and returns the wish's id) and open Stripe's page for it.

    Raises:
        PaymentsAway: Stripe does not answer; asking again with the same key goes on where this stopped.
        NotAtStripe: Stripe refuses; nothing was saved.
    """
    with transaction():
        setup = setup_for(who, ask())
        customer = customer_of(setup.org_id)
        first = call_of("open_customer", customer.id) if customer and not customer.stripe_id else None
    if setup.page_url or setup.state != CardSetupState.CREATED:
        return setup
    if first:
        engine.perform(first)
    with transaction():
        call_id = call_of("open_card_page", setup.id)
    if call_id:
        engine.perform(call_id)
    with transaction():
        return setup_for(who, setup.id)


def look_up_card_page(who: Who, setup_id: UUID) -> CardSetup:
    """Bring a wish to save a card up to date from Stripe itself, for the page that its owner comes back to."""
    with transaction():
        setup = setup_for(who, setup_id)
    if setup.page_id and setup.state == CardSetupState.CREATED:
        settle_card_page(setup.page_id)
        with transaction():
            setup = setup_for(who, setup_id)
    return setup


def settle_card_page(page_id: str) -> None:
    """Bring the wish behind a page to where the page stands."""
    found = engine.gateway().cards.page(page_id)
    with transaction():
        cards.settle_page(found)


def _prepare_customer(customer_id: UUID) -> CustomerAsk:
    wanted = select(StripeCustomer, Organisation.name).join(Organisation).where(StripeCustomer.id == customer_id)
    customer, name = session().execute(wanted).one()
    return CustomerAsk(customer.org_id, name, customer.created_at - _SKEW)


def _prepare_page(setup_id: UUID) -> CardPageAsk:
    setup = session().get_one(CardSetup, setup_id)
    return CardPageAsk(
        setup_id=setup.id,
        customer=_customer_id(setup.org_id),
        back_url=f"{public_url()}/wallet/cards/pages/{setup.id}",
        cancel_url=f"{public_url()}/wallet/cards",
        expires_at=setup.created_at + rules.CHECKOUT_TIME,
        needs_3ds=setup.needs_3ds,
    )


def _prepare_charge(top_up_id: UUID) -> ChargeAsk:
    top_up = top_ups.locked(top_up_id)
    recharges.check_wanted(top_up)
    return ChargeAsk(
        top_up_id=top_up.id,
        payer=Payer(top_up.org_id, top_up.user_id),
        amount=top_up.amount,
        customer=_customer_id(top_up.org_id),
        method=session().get_one(SavedCard, top_up.card_id).method,
        label=LABEL,
        since=top_up.created_at - _SKEW,
    )


def _customer_id(org_id: UUID) -> str:
    return session().scalars(select(StripeCustomer.stripe_id).where(StripeCustomer.org_id == org_id)).one() or ""


def _forgotten(card_id: UUID) -> tuple[str, str]:
    return session().get_one(SavedCard, card_id).method, f"card:{card_id}:forget"


OPEN_CUSTOMER = Call(
    kind="open_customer",
    prepare=_prepare_customer,
    make=lambda gateway, wanted, key: gateway.cards.open_customer(wanted, key),
    find=lambda gateway, wanted: gateway.cards.find_customer(wanted),
    settle=cards.attach_customer,
    refuse=lambda customer_id, _why: cards.forget_customer(customer_id),
)
OPEN_CARD_PAGE = Call(
    kind="open_card_page",
    prepare=_prepare_page,
    make=lambda gateway, wanted, key: gateway.cards.open_page(wanted, key),
    find=lambda gateway, wanted: gateway.cards.find_page(wanted),
    settle=lambda _setup_id, page: cards.settle_page(page),
    refuse=lambda setup_id, _why: cards.give_up(setup_id),
)
#: to forget a card twice does no harm: it is asked for again whatever became of it before
FORGET_CARD = Call(
    kind="forget_card",
    prepare=_forgotten,
    make=lambda gateway, wanted, key: gateway.cards.forget(wanted[0], key),
    find=lambda gateway, wanted: gateway.cards.forget(*wanted),
    settle=lambda _card_id, found: cards.settle_card(found),
    refuse=lambda _card_id, _why: None,
)
CHARGE_CARD = Call(
    kind=recharges.CHARGE,
    prepare=_prepare_charge,
    make=lambda gateway, wanted, key: gateway.payments.charge(wanted, key),
    find=lambda gateway, wanted: gateway.payments.find_charge(wanted),
    settle=lambda _top_up_id, payment: settle_payment(payment),
    refuse=recharges.refuse,
)
