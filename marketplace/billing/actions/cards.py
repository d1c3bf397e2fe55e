"""What happens to saved cards: asked for on Stripe's page, saved, made the usual one, removed, told to expire.

Each may arrive twice, and Stripe's news in any order.
"""

from uuid import UUID

from sqlalchemy import select

from marketplace.billing import recharge_rules, rules
from marketplace.billing.actions import recharges
from marketplace.billing.actions.payments import digest_of
from marketplace.billing.actions.stripe_calls import ask
from marketplace.billing.card_errors import TooManyCards, UnknownCard
from marketplace.billing.errors import WrongCharge
from marketplace.billing.gateway import CardPage, Customer, KeptCard, SeenCard
from marketplace.billing.models import CardSetup, CardSetupState, Recharge, SavedCard, StripeCustomer
from marketplace.billing.queries import card_for, cards_for, customer_of, live_cards
from marketplace.billing.turns import one_at_a_time
from marketplace.events import SYSTEM, Actor, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.ids import new_id
from marketplace.people import Power, Who

S = CardSetupState


def ask_card_once(who: Who) -> CardSetup:
    """The same for a person at a page: a second click gives the page that the first one opened.

    Raises:
        Forbidden, TooManyCards.
    """
    who.need(Power.WALLET_WRITE)
    one_at_a_time(who.org_id)
    waiting = select(CardSetup).where(
        CardSetup.org_id == who.org_id,
        CardSetup.user_id == who.user_id,
        CardSetup.state == S.CREATED,
        CardSetup.created_at > clock.now() - rules.SAME_WISH,
    )
    return session().scalar(waiting.order_by(CardSetup.id.desc()).limit(1)) or ask_card(who)


def ask_card(who: Who) -> CardSetup:
    """A buyer wants to save a card: a page of Stripe's is to be opened for it. Raises Forbidden, TooManyCards."""
    who.need(Power.WALLET_WRITE)
    one_at_a_time(who.org_id)
    if len(cards_for(who)) >= recharge_rules.MOST_CARDS:
        raise TooManyCards
    setup = CardSetup(
        id=new_id(),
        org_id=who.org_id,
        user_id=who.user_id,
        state=S.CREATED,
        needs_3ds=not who.is_verified,
        created_at=clock.now(),
    )
    session().add(setup)
    session().flush()
    customer = customer_of(who.org_id)
    if customer and customer.stripe_id:
        _ask_page(setup)
    elif customer is None:
        customer = StripeCustomer(id=new_id(), org_id=who.org_id, created_at=clock.now())
        session().add(customer)
        session().flush()
        ask("open_customer", customer.id, f"customer:{customer.id}:open", at_once=False)
    record("card_setup.created", setup.id, by=who, orgs=[who.org_id])
    return setup


def attach_customer(customer_id: UUID, found: Customer) -> None:
    """Stripe knows the organisation: the pages that waited for that can be opened."""
    customer = _locked_customer(customer_id)
    customer.stripe_id = customer.stripe_id or found.id
    for setup in _without_page(customer.org_id):
        _ask_page(setup)


def forget_customer(customer_id: UUID) -> None:
    """Stripe will not know it: no page can be opened, and the next wish asks again."""
    customer = _locked_customer(customer_id)
    if customer.stripe_id is None:
        for setup in _without_page(customer.org_id):
            setup.state = S.FAILED
        session().delete(customer)


def give_up(setup_id: UUID) -> None:
    """Stripe will not open the page."""
    setup = locked_setup(setup_id)
    if setup and setup.state == S.CREATED:
        setup.state = S.FAILED


def settle_page(found: CardPage) -> CardSetup | None:
    """Bring a wish to save a card to where its page stands; webhook, return page and reconciler all come here.

    Returns: None for a page that is not ours.

    Raises:
        WrongCharge: the card was saved with another customer than the buyer's: nothing is kept, somebody must look.
    """
    setup = locked_setup(found.setup_id)
    if setup is None or (found.id and setup.page_id not in (None, found.id)):
        return setup
    if found.id:
        setup.page_id, setup.page_url = found.id, setup.page_url or found.url
    if found.card and setup.state != S.SAVED:
        one_at_a_time(setup.org_id)
        customer = customer_of(setup.org_id)
        if customer is None or customer.stripe_id != found.customer:
            raise WrongCharge(str(setup.id))
        setup.card_id, setup.state = _save(setup, found.card).id, S.SAVED
    elif found.is_closed and setup.state == S.CREATED:
        setup.state = S.EXPIRED
    return setup


def settle_card(found: KeptCard) -> SavedCard | None:
    """Bring a saved card to how it stands at Stripe: renewed by its bank, or forgotten. None when it is not ours."""
    owner = session().scalar(select(SavedCard.org_id).where(SavedCard.method == found.card.method))
    if owner is None:
        return None
    one_at_a_time(owner)
    card = session().scalars(fresh(select(SavedCard).where(SavedCard.method == found.card.method))).one()
    if found.customer is None:
        card.gone_at = card.gone_at or clock.now()
        _remove(card, SYSTEM)
    else:
        _describe(card, found.card)
    return card


def remove_card(who: Who, card_id: UUID) -> SavedCard:
    """A buyer's card is never charged again, and Stripe forgets it. Again, it changes nothing.

    Raises:
        Forbidden, NotFound.
    """
    who.need(Power.WALLET_WRITE)
    card = _own(who, card_id)
    _remove(card, who)
    return card


def make_default(who: Who, card_id: UUID) -> SavedCard:
    """A buyer's card becomes the usual one. Raises Forbidden, NotFound, UnknownCard: it was removed."""
    who.need(Power.WALLET_WRITE)
    card = _own(who, card_id)
    if card.removed_at:
        raise UnknownCard
    if not card.is_default:
        for other in session().scalars(live_cards(who.org_id).where(SavedCard.is_default)):
            other.is_default = False
        session().flush()
        card.is_default = True
        record("card.made_default", card.id, by=who, orgs=[card.org_id])
    return card


def warn_of_expiry() -> None:
    """Cards that wallets fill themselves from and that expire within a month: each is told of once."""
    now = clock.now()
    soon = now + recharge_rules.EXPIRES_SOON
    used = select(Recharge.card_id).where(Recharge.is_on)
    expiring = select(SavedCard).where(
        SavedCard.id.in_(used),
        SavedCard.removed_at.is_(None),
        SavedCard.warned_at.is_(None),
        SavedCard.exp_year * 12 + SavedCard.exp_month < soon.year * 12 + soon.month,
    )
    for card in session().scalars(fresh(expiring)):
        card.warned_at = now
        record("card.expiring", card.id, by=SYSTEM, orgs=[card.org_id])


def locked_setup(setup_id: UUID | None) -> CardSetup | None:
    """A wish to save a card, locked and as it is now; None when it is not ours."""
    return session().scalars(fresh(select(CardSetup).where(CardSetup.id == setup_id))).first()


def _save(setup: CardSetup, seen: SeenCard) -> SavedCard:
    """Keep the card. The same number again replaces what was saved before."""
    digest = digest_of(seen)
    live = session().scalars(live_cards(setup.org_id).order_by(SavedCard.id)).all()
    before = next((card for card in live if digest and card.fingerprint == digest), None)
    card = SavedCard(
        id=new_id(),
        org_id=setup.org_id,
        user_id=setup.user_id,
        method=seen.method,
        is_default=not live,
        saved_at=clock.now(),
    )
    _describe(card, seen)
    session().add(card)
    session().flush()
    record("card.saved", card.id, by=SYSTEM, orgs=[card.org_id])
    if before:
        recharges.move_to(card, before)
        _remove(before, SYSTEM, then_usual=card)
    return card


def _remove(card: SavedCard, by: Actor, then_usual: SavedCard | None = None) -> None:
    """then_usual: what becomes the usual card in its stead, if it was that; the newest one when not given."""
    if card.removed_at:
        return
    was_usual = card.is_default
    card.removed_at, card.is_default = clock.now(), False
    session().flush()
    recharges.pause_for_card(card, by)
    if not card.gone_at:
        ask("forget_card", card.id, f"card:{card.id}:forget")
    if was_usual:
        newest = live_cards(card.org_id).order_by(SavedCard.id.desc()).limit(1)
        usual = then_usual or session().scalar(newest)
        if usual:
            usual.is_default = True
    record("card.removed", card.id, by=by, orgs=[card.org_id])


def _describe(card: SavedCard, seen: SeenCard) -> None:
    if (card.exp_year, card.exp_month) != (seen.exp_year, seen.exp_month):
        card.warned_at = None
    card.brand, card.last4, card.fingerprint = seen.brand, seen.last4, digest_of(seen)
    card.exp_month, card.exp_year = seen.exp_month, seen.exp_year


def _ask_page(setup: CardSetup) -> None:
    ask("open_card_page", setup.id, f"card_setup:{setup.id}:page", at_once=False)


def _without_page(org_id: UUID) -> list[CardSetup]:
    waiting = CardSetup.org_id == org_id, CardSetup.state == S.CREATED, CardSetup.page_id.is_(None)
    return list(session().scalars(fresh(select(CardSetup).where(*waiting).order_by(CardSetup.id))))


def _own(who: Who, card_id: UUID) -> SavedCard:
    one_at_a_time(who.org_id)
    card_for(who, card_id)
    return session().scalars(fresh(select(SavedCard).where(SavedCard.id == card_id))).one()


def _locked_customer(customer_id: UUID) -> StripeCustomer:
    return session().scalars(fresh(select(StripeCustomer).where(StripeCustomer.id == customer_id))).one()
