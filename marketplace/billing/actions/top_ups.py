"""What happens to top-ups: asked for, sent to a checkout page, paid, settled. Each may arrive twice."""

from uuid import UUID

from sqlalchemy import select

from marketplace.billing import rules
from marketplace.billing.actions.stripe_calls import ask
from marketplace.billing.errors import DailyCap, WrongCharge
from marketplace.billing.gateway import Checkout, Payment, Settlement
from marketplace.billing.models import TopUp, TopUpState
from marketplace.billing.queries import loaded_lately
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.ledger import Account, credit, debit, post
from marketplace.people import Organisation, Power, Who


def ask_top_up_once(who: Who, amount: Money) -> TopUp:
    """The same for a person at a page: a second click gives the checkout that the first one opened.

    Raises:
        Forbidden, DailyCap.
    """
    who.need(Power.WALLET_WRITE)
    _one_at_a_time(who)
    return _opened_just_now(who, amount) or ask_top_up(who, amount)


def ask_top_up(who: Who, amount: Money) -> TopUp:
    """A buyer wants to put money into its wallet. Raises Forbidden, DailyCap."""
    who.need(Power.WALLET_WRITE)
    now = clock.now()
    _one_at_a_time(who)
    if loaded_lately(who.org_id) + amount.amount > rules.MOST_A_DAY:
        raise DailyCap(fields={"amount": DailyCap.sentence})
    top_up = TopUp(
        id=new_id(),
        org_id=who.org_id,
        user_id=who.user_id,
        amount_cents=amount.amount,
        currency=amount.currency,
        state=TopUpState.CREATED,
        needs_3ds=not who.is_verified,
        created_at=now,
    )
    session().add(top_up)
    session().flush()
    ask("open_checkout", top_up.id, f"top_up:{top_up.id}:checkout", at_once=False)
    record("top_up.created", top_up.id, by=who, orgs=[who.org_id], cents=amount.amount, currency=amount.currency)
    return top_up


def attach_checkout(top_up_id: UUID, checkout: Checkout) -> TopUp:
    """Write down which page Stripe opened for it; a page that is attached already stays."""
    top_up = locked(top_up_id)
    if top_up.session_id in (None, checkout.id):
        top_up.session_id, top_up.checkout_url = checkout.id, top_up.checkout_url or checkout.url
    return top_up


def give_up(top_up_id: UUID) -> None:
    """Stripe will not open a page for it; nothing was charged."""
    top_up = locked(top_up_id)
    if top_up.state == TopUpState.CREATED:
        top_up.state = TopUpState.FAILED


def settle_checkout(checkout: Checkout) -> TopUp | None:
    """Bring a top-up to where its checkout page stands; webhook, return page and reconciler all come here.

    A payment of another amount or currency than asked for is never credited: the top-up has failed, and the event
    `top_up.mismatched` says that somebody must look.

    Returns: None for a page that is not ours.
    """
    top_up = session().scalars(fresh(select(TopUp).where(TopUp.id == checkout.top_up_id))).first()
    if top_up is None or top_up.state == TopUpState.SUCCEEDED or top_up.session_id not in (None, checkout.id):
        return top_up
    top_up.session_id = checkout.id  # Stripe's news may be here before the answer to our own call
    if checkout.is_paid:
        _credit(top_up, checkout)
    elif checkout.is_expired and top_up.state == TopUpState.CREATED:
        top_up.state = TopUpState.EXPIRED
    return top_up


def settle_payment(payment: Payment) -> None:
    """Stripe's own account of a payment has come: the clearing account empties into the balance and the fee."""
    found = session().scalars(fresh(select(TopUp).where(TopUp.payment_intent_id == payment.id))).first()
    if found and payment.settlement and found.settled_at is None:
        book_settlement(found, payment.settlement)


def book_settlement(top_up: TopUp, settlement: Settlement) -> None:
    """Raises WrongCharge: Stripe's account is about another amount or currency."""
    if settlement.amount != top_up.amount:
        raise WrongCharge(str(top_up.id))
    post(
        "charge_settle",
        key=f"txn:{settlement.id}",
        reference=top_up.id,
        currency=top_up.currency,
        lines=[
            debit(Account.STRIPE_BALANCE, top_up.amount_cents - settlement.fee),
            debit(Account.PROCESSING_FEE, settlement.fee),
            credit(Account.STRIPE_CLEARING, top_up.amount_cents),
        ],
        by=SYSTEM,
    )
    top_up.settled_at = top_up.settled_at or clock.now()


def _credit(top_up: TopUp, checkout: Checkout) -> None:
    if checkout.amount != top_up.amount or not checkout.payment:
        top_up.state = TopUpState.FAILED
        record("top_up.mismatched", top_up.id, by=SYSTEM, orgs=[top_up.org_id], payment=checkout.payment)
        return
    top_up.state, top_up.payment_intent_id = TopUpState.SUCCEEDED, checkout.payment
    top_up.credited_at = clock.now()
    session().flush()
    post(
        "topup",
        key=f"pi:{checkout.payment}:credit",
        reference=top_up.id,
        currency=top_up.currency,
        lines=[
            debit(Account.STRIPE_CLEARING, top_up.amount_cents),
            credit(Account.WALLET_CASH, top_up.amount_cents, top_up.org_id),
        ],
        by=SYSTEM,
    )
    record("top_up.succeeded", top_up.id, by=SYSTEM, orgs=[top_up.org_id], cents=top_up.amount_cents)


def _one_at_a_time(who: Who) -> None:
    session().execute(select(Organisation.id).where(Organisation.id == who.org_id).with_for_update(key_share=True))


def _opened_just_now(who: Who, amount: Money) -> TopUp | None:
    """The newest top-up of this amount whose checkout page is still open, and young enough to be the same wish."""
    same = select(TopUp).where(
        TopUp.org_id == who.org_id,
        TopUp.user_id == who.user_id,
        TopUp.amount_cents == amount.amount,
        TopUp.currency == amount.currency,
        TopUp.state == TopUpState.CREATED,
        TopUp.created_at > clock.now() - rules.SAME_WISH,
    )
    return session().scalar(same.order_by(TopUp.id.desc()).limit(1))


def locked(top_up_id: UUID) -> TopUp:
    """A top-up, locked and as it is now."""
    return session().scalars(fresh(select(TopUp).where(TopUp.id == top_up_id))).one()
