"""What is asked for: top-ups, and the checkout pages on which they are paid. Each may arrive twice."""

from uuid import UUID

from sqlalchemy import select

from marketplace.billing import rules
from marketplace.billing.actions.states import move_top_up
from marketplace.billing.actions.stripe_calls import ask
from marketplace.billing.errors import DailyCap
from marketplace.billing.gateway import Checkout
from marketplace.billing.models import TopUp, TopUpState
from marketplace.billing.queries import loaded_lately
from marketplace.billing.turns import one_at_a_time
from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.people import Power, Who

CLOSE, CANCEL = "close_checkout", "cancel_payment"


def ask_top_up_once(who: Who, amount: Money) -> TopUp:
    """The same for a person at a page: a second click gives the checkout that the first one opened.

    Raises:
        Forbidden, DailyCap.
    """
    who.need(Power.WALLET_WRITE)
    one_at_a_time(who.org_id)
    return _opened_just_now(who, amount) or ask_top_up(who, amount)


def ask_top_up(who: Who, amount: Money, *, is_for_purchase: bool = False) -> TopUp:
    """A buyer wants to put money into its wallet; for one thing, where so said. Raises Forbidden, DailyCap."""
    who.need(Power.WALLET_WRITE)
    now = clock.now()
    one_at_a_time(who.org_id)
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
        is_for_purchase=is_for_purchase,
        created_at=now,
    )
    session().add(top_up)
    session().flush()
    ask("open_checkout", top_up.id, f"top_up:{top_up.id}:checkout", at_once=False)
    record("top_up.created", top_up.id, by=who, orgs=[who.org_id], cents=amount.amount, currency=amount.currency)
    return top_up


def ask_close(top_up_id: UUID) -> UUID | None:
    """Another wish takes the place of a top-up: the call that closes its page, so that it counts against no limit.

    Returns: None where there is no page that could be paid.

    Raises:
        BooksRestored.
    """
    top_up = locked(top_up_id)
    if not top_up.is_open or top_up.session_id is None:
        return None
    return ask(CLOSE, top_up.id, f"top_up:{top_up.id}:close", at_once=False)


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
        move_top_up(top_up, TopUpState.FAILED)


def _opened_just_now(who: Who, amount: Money) -> TopUp | None:
    """The newest top-up of this amount whose checkout page is still open, and young enough to be the same wish."""
    same = select(TopUp).where(
        TopUp.org_id == who.org_id,
        TopUp.user_id == who.user_id,
        TopUp.amount_cents == amount.amount,
        TopUp.currency == amount.currency,
        TopUp.state == TopUpState.CREATED,
        TopUp.is_for_purchase.is_(False),
        TopUp.recharge_id.is_(None),
        TopUp.created_at > clock.now() - rules.SAME_WISH,
    )
    return session().scalar(same.order_by(TopUp.id.desc()).limit(1))


def locked(top_up_id: UUID) -> TopUp:
    """A top-up, locked and as it is now."""
    return session().scalars(fresh(select(TopUp).where(TopUp.id == top_up_id))).one()
