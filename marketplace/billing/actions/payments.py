"""How payments stand, written down: credited once, settled once. Webhook, return page and reconciler all come here.

Each news only says that something happened; what is settled is how the payment stands now, so that neither order nor
repetition matters.
"""

from uuid import UUID

from sqlalchemy import or_, select

from marketplace.billing.actions import recharges, settlements
from marketplace.billing.actions.links import note_mark
from marketplace.billing.actions.states import move_top_up
from marketplace.billing.gateway import Checkout, Payer, Payment, PaymentState, SeenCard
from marketplace.billing.models import MarkKind, TopUp, TopUpState
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import fresh, session
from marketplace.kit.money import Money
from marketplace.ledger import Account, debit, debt_first, post
from marketplace.people import Organisation, OrgKind

#: why a top-up failed of which Stripe took another amount than asked for
MISMATCH = "amount_mismatch"
_STATES = {
    PaymentState.WAITING: TopUpState.CREATED,
    PaymentState.ASKING: TopUpState.REQUIRES_ACTION,
    PaymentState.PROCESSING: TopUpState.PROCESSING,
}


def settle_checkout(checkout: Checkout) -> TopUp | None:
    """Bring a top-up to where its checkout page stands; one that a restore has lost and that is paid is known again.

    A payment of another amount or currency than asked for is never credited: the top-up has failed, and the event
    `top_up.mismatched` says that somebody must look.

    Returns: None for a page that is not ours.
    """
    top_up = session().scalars(fresh(select(TopUp).where(TopUp.id == checkout.top_up_id))).first()
    if top_up is None and checkout.is_paid and checkout.top_up_id:
        top_up = _adopt(checkout.top_up_id, checkout.payer, checkout.amount)
    if top_up is None or top_up.session_id not in (None, checkout.id):
        return top_up
    top_up.session_id = checkout.id  # Stripe's news may be here before the answer to our own call
    payment = _payment_of(checkout)
    if payment:
        _settle(top_up, payment)
    if checkout.is_expired and top_up.is_open:
        move_top_up(top_up, TopUpState.EXPIRED)
    return top_up


def settle_payment(payment: Payment) -> TopUp | None:
    """Bring a top-up to where its payment stands: with the money, with its fee, or with why it failed.

    One that a restore has lost and that is paid is known again.

    Returns: None for a payment that is not ours.
    """
    ours = or_(TopUp.payment_intent_id == payment.id, TopUp.id == payment.top_up_id)
    top_up = session().scalars(fresh(select(TopUp).where(ours))).first()
    if top_up is None and payment.state == PaymentState.SUCCEEDED and payment.top_up_id and payment.received:
        top_up = _adopt(payment.top_up_id, payment.payer, payment.received)
    if top_up and top_up.payment_intent_id in (None, payment.id):
        _settle(top_up, payment)
    return top_up


def digest_of(card: SeenCard) -> bytes | None:
    """A keyed digest that is equal for equal cards: how buyers and agencies with one card are found."""
    return blind_index(MarkKind.CARD, card.fingerprint) if card.fingerprint else None


def _adopt(top_up_id: UUID, payer: Payer | None, paid: Money) -> TopUp | None:
    """A top-up by what we wrote on its payment; None when its buyer is none of ours."""
    if payer is None:
        return None
    buyer = select(Organisation.id).where(Organisation.id == payer.org_id, Organisation.kind == OrgKind.BUYER)
    if session().scalar(buyer) is None:
        return None
    top_up = TopUp(
        id=top_up_id,
        org_id=payer.org_id,
        user_id=payer.user_id,
        amount_cents=paid.amount,
        currency=paid.currency,
        state=TopUpState.CREATED,
        needs_3ds=False,
        refunded_cents=0,
        created_at=clock.now(),
    )
    session().add(top_up)
    session().flush()
    record("top_up.adopted", top_up.id, by=SYSTEM, orgs=[top_up.org_id], cents=paid.amount)
    return top_up


def _payment_of(checkout: Checkout) -> Payment | None:
    if checkout.attempt or not checkout.is_paid or not checkout.payment:
        return checkout.attempt
    return Payment(checkout.payment, settlement=None, received=checkout.amount)


def _settle(top_up: TopUp, payment: Payment) -> None:
    if payment.state == PaymentState.SUCCEEDED:
        if not top_up.is_paid and payment.received:
            _credit(top_up, payment)
        if payment.card and top_up.is_paid and top_up.card_fingerprint is None:
            _keep_card(top_up, payment.card)
        if payment.settlement and top_up.is_paid and top_up.settled_at is None:
            settlements.book("charge_settle", payment.settlement, about=top_up.id, expected=top_up.amount)
            top_up.settled_at = clock.now()
    elif top_up.is_open:
        (recharges.follow if top_up.recharge_id else _note)(top_up, payment)


def _credit(top_up: TopUp, payment: Payment) -> None:
    if payment.received != top_up.amount:
        _mismatched(top_up, payment.id)
        return
    move_top_up(top_up, TopUpState.SUCCEEDED)
    top_up.payment_intent_id, top_up.failure, top_up.credited_at = payment.id, None, clock.now()
    session().flush()
    wallet = debt_first(
        Account.BUYER_RECEIVABLE, Account.WALLET_CASH, top_up.org_id, top_up.amount_cents, top_up.currency
    )
    post(
        "topup",
        key=f"pi:{payment.id}:credit",
        reference=top_up.id,
        currency=top_up.currency,
        lines=[debit(Account.STRIPE_CLEARING, top_up.amount_cents), *wallet],
        by=SYSTEM,
    )
    recharges.paid(top_up)
    record("top_up.succeeded", top_up.id, by=SYSTEM, orgs=[top_up.org_id], cents=top_up.amount_cents)


def _keep_card(top_up: TopUp, card: SeenCard) -> None:
    """What is kept of the card; the first news of a payment may come without it."""
    top_up.card_brand, top_up.card_last4, top_up.card_fingerprint = card.brand, card.last4, digest_of(card)
    if top_up.card_fingerprint:
        note_mark(top_up.org_id, MarkKind.CARD, top_up.card_fingerprint)


def _mismatched(top_up: TopUp, payment_id: str) -> None:
    if top_up.failure != MISMATCH:
        move_top_up(top_up, TopUpState.FAILED)
        top_up.failure = MISMATCH
        record("top_up.mismatched", top_up.id, by=SYSTEM, orgs=[top_up.org_id], payment=payment_id)


def _note(top_up: TopUp, payment: Payment) -> None:
    """It is not paid: how far it is, and why the last attempt failed."""
    move_top_up(top_up, _STATES.get(payment.state, TopUpState(top_up.state)))
    top_up.failure = payment.failure or top_up.failure


def find_id(payment_id: str) -> UUID | None:
    """The top-up that a payment was credited to."""
    return session().scalar(select(TopUp.id).where(TopUp.payment_intent_id == payment_id))
