"""A wallet fills itself from a saved card: set, charged when it is low, tried again later, paused, resumed.

A charge is an ordinary top-up without a page: `payments.py` settles it like any other and tells here how it ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from marketplace.billing import recharge_rules as rules
from marketplace.billing.actions import homes
from marketplace.billing.actions.states import move_top_up
from marketplace.billing.actions.stripe_calls import ask
from marketplace.billing.actions.top_ups import CANCEL, locked
from marketplace.billing.card_errors import NoLongerWanted, UnknownCard
from marketplace.billing.errors import CardDeclined
from marketplace.billing.gateway import Payment, PaymentState
from marketplace.billing.models import Pause, Recharge, SavedCard, StripeCall, TopUp, TopUpState
from marketplace.billing.queries import facts_of, is_below, live_cards
from marketplace.billing.turns import one_at_a_time
from marketplace.events import SYSTEM, Actor, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import Refusal
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.people import NotVerified, Power, Who

CHARGE = "charge_card"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a wallet is to fill itself: `below` and `amount` in the same currency."""

    is_on: bool
    below: Money
    amount: Money
    card_id: UUID


def set_recharge(who: Who, wish: Wish) -> Recharge:
    """A buyer says when a wallet is to fill itself, with how much, from which card.

    Only another card ends a pause here: to turn it off and on again does not.

    Raises:
        Forbidden, NotVerified, UnknownCard.
    """
    who.need(Power.WALLET_WRITE)
    if wish.is_on and not who.is_verified:
        raise NotVerified
    one_at_a_time(who.org_id)
    card = session().scalar(live_cards(who.org_id).where(SavedCard.id == wish.card_id))
    if card is None:
        raise UnknownCard(fields={"card_id": UnknownCard.sentence})
    mine = Recharge.org_id == who.org_id, Recharge.currency == wish.amount.currency
    recharge = session().scalars(fresh(select(Recharge).where(*mine))).first()
    if recharge is None:
        recharge = Recharge(id=new_id(), org_id=who.org_id, currency=wish.amount.currency, card_id=card.id, declines=0)
    if recharge.card_id != card.id:
        _change_card(recharge, card)
    recharge.user_id, recharge.changed_at, recharge.is_on = who.user_id, clock.now(), wish.is_on
    recharge.below_cents, recharge.amount_cents = wish.below.amount, wish.amount.amount
    session().add(recharge)
    session().flush()
    facts = {"on": wish.is_on, "below": wish.below.amount, "cents": wish.amount.amount, "card": str(card.id)}
    record("recharge.set", recharge.id, by=who, orgs=[who.org_id], currency=recharge.currency, **facts)
    return recharge


def turn_off(who: Who, currency: str) -> None:
    """The buyer takes money out of the wallet: it would come back from the card at once."""
    mine = Recharge.org_id == who.org_id, Recharge.currency == currency, Recharge.is_on
    recharge = session().scalars(fresh(select(Recharge).where(*mine))).first()
    if recharge:
        recharge.is_on, recharge.changed_at = False, clock.now()
        record("recharge.turned_off", recharge.id, by=who, orgs=[recharge.org_id], currency=currency)


def charge_if_low(recharge_id: UUID) -> TopUp | None:
    """Claim one charge of the saved card if the wallet is low and nothing stands in the way; None otherwise.

    Whoever comes at the same time finds it claimed. The claim keeps others away for a while even when it fails.
    """
    one_at_a_time(session().get_one(Recharge, recharge_id).org_id)
    recharge = _locked(recharge_id)
    if not recharge.is_on or recharge.pause or not is_below(recharge):
        return None
    now = clock.now()
    if rules.wait_of(facts_of(recharge), now):
        return None
    recharge.next_at = now + rules.window(recharge.declines)
    top_up = TopUp(
        id=new_id(),
        org_id=recharge.org_id,
        user_id=recharge.user_id,
        amount_cents=recharge.amount_cents,
        currency=recharge.currency,
        state=TopUpState.CREATED,
        needs_3ds=False,
        recharge_id=recharge.id,
        card_id=recharge.card_id,
        created_at=now,
    )
    session().add(top_up)
    session().flush()
    ask(CHARGE, top_up.id, f"top_up:{top_up.id}:charge")
    record("recharge.claimed", recharge.id, by=SYSTEM, orgs=[top_up.org_id], top_up=str(top_up.id))
    return top_up


def check_wanted(top_up: TopUp) -> None:
    """Look once more right before the card is charged for the first time.

    When it was tried before nobody knows what became of that: then Stripe must be asked again, whatever has happened.

    Raises:
        NoLongerWanted.
    """
    recharge = session().get_one(Recharge, top_up.recharge_id)
    tries = select(StripeCall.tries).where(StripeCall.subject_id == top_up.id, StripeCall.kind == CHARGE)
    is_first = session().execute(tries).scalar_one() <= 1
    if is_first and (not recharge.is_on or recharge.pause or facts_of(recharge).has_chargeback):
        raise NoLongerWanted


def follow(top_up: TopUp, payment: Payment) -> None:
    """How an open charge stands at Stripe; that it succeeded is told by `paid`."""
    top_up.payment_intent_id = payment.id
    if payment.state == PaymentState.PROCESSING:
        move_top_up(top_up, TopUpState.PROCESSING)
    elif payment.state == PaymentState.ASKING:
        _fail(top_up, payment.failure or "authentication_required")
    elif payment.failure or payment.state == PaymentState.CANCELED:
        _fail(top_up, payment.failure or "canceled")


def refuse(top_up_id: UUID, why: Refusal) -> None:
    """Stripe, or the bank, says no to a charge."""
    top_up, code = locked(top_up_id), why.code
    if not top_up.is_open:
        return
    if isinstance(why, CardDeclined):
        top_up.payment_intent_id, code = top_up.payment_intent_id or why.payment, why.reason or code
    _fail(top_up, code)


def paid(top_up: TopUp) -> None:
    """Money has come into the wallet: by a charge that succeeded, or by hand, which ends some pauses."""
    theirs = Recharge.org_id == top_up.org_id, Recharge.currency == top_up.currency
    recharge = session().scalars(fresh(select(Recharge).where(*theirs))).first()
    if recharge and (recharge.pause in rules.BY_HAND or (top_up.recharge_id and not recharge.pause)):
        _resume(recharge)


def pause_for_card(card: SavedCard, by: Actor) -> None:
    """The card is removed: what it filled waits for another one."""
    on_it = select(Recharge).where(Recharge.card_id == card.id)
    _pause_all(session().scalars(fresh(on_it.order_by(Recharge.id))), Pause.CARD_REMOVED, by)


def move_to(card: SavedCard, before: SavedCard) -> None:
    """A card was saved anew: what the one before filled is filled by it."""
    on_it = select(Recharge).where(Recharge.card_id == before.id)
    for recharge in session().scalars(fresh(on_it.order_by(Recharge.id))):
        _change_card(recharge, card)


def pause_for_chargeback(org_id: UUID) -> None:
    """A bank has taken a payment of the buyer's back for good: its cards are not charged unasked any more."""
    theirs = select(Recharge).where(Recharge.org_id == org_id)
    _pause_all(session().scalars(fresh(theirs.order_by(Recharge.id))), Pause.CHARGEBACK, SYSTEM)


def _change_card(recharge: Recharge, card: SavedCard) -> None:
    """Another card starts afresh; the same one saved anew only replaces itself."""
    if rules.is_other(card, session().get_one(SavedCard, recharge.card_id)):
        _resume(recharge)
    elif recharge.pause == Pause.CARD_REMOVED:
        recharge.pause, recharge.paused_at = None, None
    recharge.card_id = card.id


def _fail(top_up: TopUp, why: str) -> None:
    move_top_up(top_up, TopUpState.FAILED)
    top_up.failure = why
    recharge = _locked(top_up.recharge_id)
    if recharge.card_id != top_up.card_id or why == NoLongerWanted.code:
        return  # this says nothing about the card
    recharge.declines += 1
    pause = rules.pause_of(why, recharge.declines)
    if pause:
        _call_off(top_up)
        _pause_all([recharge], pause, SYSTEM)
    else:
        told = {"top_up": str(top_up.id), "why": why, "declines": recharge.declines}
        record("recharge.declined", recharge.id, by=SYSTEM, orgs=[recharge.org_id], **told)


def _call_off(top_up: TopUp) -> None:
    """Its owner pays by hand or from another card: this payment shall not be confirmed as well."""
    if top_up.payment_intent_id and homes.is_settled():
        ask(CANCEL, top_up.id, f"top_up:{top_up.id}:cancel")


def _pause_all(recharges: Iterable[Recharge], why: Pause, by: Actor) -> None:
    for recharge in recharges:
        if recharge.pause is None:
            recharge.pause, recharge.paused_at = why, clock.now()
            record("recharge.paused", recharge.id, by=by, orgs=[recharge.org_id], why=why)


def _resume(recharge: Recharge) -> None:
    if recharge.pause:
        record("recharge.resumed", recharge.id, by=SYSTEM, orgs=[recharge.org_id], was=recharge.pause)
    recharge.declines, recharge.next_at, recharge.pause, recharge.paused_at = 0, None, None, None


def _locked(recharge_id: UUID | None) -> Recharge:
    return session().scalars(fresh(select(Recharge).where(Recharge.id == recharge_id))).one()
