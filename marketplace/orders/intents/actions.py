"""Asking for a card payment, and the purchase that follows: both may arrive twice."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from marketplace.billing.actions.top_ups import ask_close, ask_top_up
from marketplace.billing.errors import DebtDue
from marketplace.billing.models import TopUp
from marketplace.billing.rules import CHECKOUT_TIME
from marketplace.billing.turns import one_at_a_time
from marketplace.events import SYSTEM, record
from marketplace.kit import clock, idempotency
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import Forbidden, Refusal
from marketplace.kit.money import Money
from marketplace.ledger import Overdrawn
from marketplace.orders.actions.place import place, price_now
from marketplace.orders.errors import TooLittle, word_of
from marketplace.orders.intents.models import IntentState, PurchaseIntent
from marketplace.orders.intents.queries import owes_elsewhere, short_by
from marketplace.people import Power, Who
from marketplace.people.queries import who_of_member

S = IntentState


@dataclass(frozen=True, slots=True)
class Wish:
    """A lead at the price that was seen; with `terms_version` one that is paid by the sale, and its deposit."""

    lead_id: UUID
    quoted: Money
    terms_version: int | None = None


def ask(who: Who, wish: Wish, amount: Money) -> UUID:
    """A buyer wants to pay a lead by card: a top-up of `amount` for it; the open one when it is the same wish again.

    Whatever but the money would refuse the purchase refuses this already. Another wish for the same lead takes the
    place of the earlier one, whose money, should it be paid after all, stays in the wallet.

    Returns: the id of the top-up, which is the intent's own.

    Raises:
        what `place` and `billing.ask_top_up` raise. TooLittle: it would not be enough together with the wallet.
    """
    who.need(Power.WALLET_WRITE)
    earlier = _admit(who, wish, amount)
    if earlier:
        if _is_same(earlier, wish, amount):
            return earlier.top_up_id
        _end(earlier, S.LAPSED)
        session().flush()
    return _open(who, wish, ask_top_up(who, amount, is_for_purchase=True).id)


def close_earlier(who: Who, wish: Wish, amount: Money) -> UUID | None:
    """Before `ask`: the call that closes the page of the wish for the same lead in whose place this one comes.

    Until that is done at Stripe it could be paid, and counts against what a wallet takes in a day. None where there is
    no such page, or this is the same wish.

    Raises:
        what `ask` raises before it asks for a top-up, so that no page is closed for a wish that will be refused.
    """
    who.need(Power.WALLET_WRITE)
    if _waiting(who.org_id, wish.lead_id) is None:
        return None
    earlier = _admit(who, wish, amount)
    return ask_close(earlier.top_up_id) if earlier and not _is_same(earlier, wish, amount) else None


def settle(top_up_id: UUID) -> PurchaseIntent | None:
    """Make the purchase of a top-up whose money is there, or give up the wish of one that brings none.

    Webhook, return page and sweep come here, as often as they like: it ends once. Within a transaction of its own,
    after that of the credit: a purchase locks the lead before the wallet.

    Returns: None for a top-up without a wish.
    """
    found = select(PurchaseIntent).where(PurchaseIntent.top_up_id == top_up_id)
    intent = session().scalars(fresh(found)).first()
    if intent and intent.is_waiting:
        top_up = session().get_one(TopUp, top_up_id, populate_existing=True)
        if top_up.is_paid:
            _buy(intent)
        elif not top_up.is_open:
            _end(intent, S.LAPSED)
    return intent


def _admit(who: Who, wish: Wish, amount: Money) -> PurchaseIntent | None:
    """The wish for this lead that waits, locked, unless something stands against another one."""
    earlier = _waiting(who.org_id, wish.lead_id)  # locked as `settle` locks: the wish, the lead, the organisation
    _try(who, wish)
    one_at_a_time(who.org_id)
    earlier = earlier or _waiting(who.org_id, wish.lead_id)  # of a twin just now: nothing buys it yet
    needed = short_by(who, wish.quoted, is_deposit=wish.terms_version is not None)
    if amount.currency != wish.quoted.currency or amount.amount < needed:
        raise TooLittle(fields={"amount": TooLittle.sentence})
    return earlier


class _Undone(Exception):
    """Leaves a purchase that was only tried."""


def _try(who: Who, wish: Wish) -> None:
    """Raise what would refuse the purchase now, other than what its top-up puts right: it is made, and undone again.

    That is too little money, and a debt in its currency.
    """
    is_repaid = () if owes_elsewhere(who, wish.quoted.currency) else (DebtDue,)
    with suppress(Overdrawn, *is_repaid, _Undone), session().begin_nested():
        place(who, wish.lead_id, wish.quoted, terms_version=wish.terms_version)
        raise _Undone


def _waiting(org_id: UUID, lead_id: UUID) -> PurchaseIntent | None:
    waits = (PurchaseIntent.org_id == org_id, PurchaseIntent.lead_id == lead_id, PurchaseIntent.state == S.WAITING)
    return session().scalars(fresh(select(PurchaseIntent).where(*waits))).first()


def _is_same(earlier: PurchaseIntent, wish: Wish, amount: Money) -> bool:
    """Whether the earlier top-up is what is asked for again: it is paid, or its page is open for the same."""
    top_up = session().get_one(TopUp, earlier.top_up_id, populate_existing=True)
    is_open = top_up.is_open and top_up.created_at > clock.now() - CHECKOUT_TIME
    same = Wish(earlier.lead_id, earlier.price, earlier.terms_version) == wish and top_up.amount == amount
    return top_up.is_paid or (is_open and same)


def _open(who: Who, wish: Wish, top_up_id: UUID) -> UUID:
    session().add(
        PurchaseIntent(
            top_up_id=top_up_id,
            org_id=who.org_id,
            user_id=who.user_id,
            via=who.via,
            lead_id=wish.lead_id,
            price_cents=wish.quoted.amount,
            currency=wish.quoted.currency,
            terms_version=wish.terms_version,
            state=S.WAITING,
            created_at=clock.now(),
        )
    )
    record("intent.opened", top_up_id, by=who, orgs=[who.org_id], lead_id=str(wish.lead_id), cents=wish.quoted.amount)
    return top_up_id


def _buy(intent: PurchaseIntent) -> None:
    """The ordinary purchase in the name of the member who asked, who may since have left or lost the right."""
    member = who_of_member(intent.user_id, intent.org_id, intent.via)
    key = f"intent:{intent.top_up_id}"
    today = price_now(intent.org_id, intent.lead_id)
    if today and today.currency == intent.currency:  # a price that fell with age meanwhile is what is paid
        intent.price_cents = min(intent.price_cents, today.amount)
    try:
        if member is None or not member.can(Power.ORDERS_WRITE):
            raise Forbidden
        with session().begin_nested():
            placed = place(
                member,
                intent.lead_id,
                intent.price,
                key=key,
                asked=idempotency.digest("INTENT", key, str(intent.lead_id).encode()),
                terms_version=intent.terms_version,
            )
    except Refusal as why:
        intent.refused = word_of(why)
        _end(intent, S.REFUSED)
    else:
        intent.order_id = placed
        _end(intent, S.BOUGHT)


def _end(intent: PurchaseIntent, state: IntentState) -> None:
    intent.state, intent.ended_at = state, clock.now()
    told = {"order_id": str(intent.order_id)} if intent.order_id else {"why": intent.refused} if intent.refused else {}
    record(
        {S.BOUGHT: "intent.bought", S.REFUSED: "intent.refused", S.LAPSED: "intent.lapsed"}[state],
        intent.top_up_id,
        by=SYSTEM,
        orgs=[intent.org_id],
        **told,
    )
