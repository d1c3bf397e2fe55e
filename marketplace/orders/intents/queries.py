"""Reading wishes that wait for a card, and how much a card must bring."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace import billing, ledger
from marketplace.billing import promos
from marketplace.billing.models import OPEN, TopUp
from marketplace.billing.queries import is_owing
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.leads import Lead
from marketplace.ledger import Account
from marketplace.orders.intents.models import IntentState, PurchaseIntent
from marketplace.people import Power, Who


def find_for(who: Who, top_up_id: UUID) -> PurchaseIntent | None:
    """What a buyer's top-up is for; None when it is for the wallet alone. Raises Forbidden."""
    who.need(Power.WALLET_READ)
    mine = select(PurchaseIntent).where(PurchaseIntent.top_up_id == top_up_id, PurchaseIntent.org_id == who.org_id)
    return session().scalar(mine)


def lead_of(intent: PurchaseIntent) -> Lead:
    """The lead of a wish that was found for somebody; masked but for its buyer."""
    return session().get_one(Lead, intent.lead_id)


def spendable_for(who: Who, currency: str, *, is_deposit: bool = False) -> int:
    """What a buyer can spend on a lead now, in minor units: gifts too, but not on a deposit."""
    cash = billing.available_for(who, currency)
    return cash if is_deposit else cash + promos.promo_for(who, currency)


def owed_for(who: Who, currency: str) -> int:
    """What a buyer owes, and the next top-up pays first, in minor units."""
    who.need(Power.WALLET_READ)
    return ledger.balance(Account.BUYER_RECEIVABLE, who.org_id, currency)


def owes_elsewhere(who: Who, currency: str) -> bool:
    """Whether a buyer owes in another currency, which no top-up in this one repays."""
    who.need(Power.WALLET_READ)
    return is_owing(who.org_id, but=currency)


def short_by(who: Who, price: Money, *, is_deposit: bool = False) -> int:
    """How much must come into the wallet before this price can be paid, in minor units; 0 or less: it can be now."""
    missing = price.amount - spendable_for(who, price.currency, is_deposit=is_deposit)
    owed = owed_for(who, price.currency)
    return max(0, missing) + owed if owed else missing


def ready(after: UUID, most: int) -> Sequence[UUID]:
    """Top-ups after this one that are decided, and whose wish still waits: read by the product itself."""
    waiting = (
        select(PurchaseIntent.top_up_id)
        .join(TopUp, TopUp.id == PurchaseIntent.top_up_id)
        .where(PurchaseIntent.state == IntentState.WAITING, TopUp.state.not_in(OPEN))
        .where(PurchaseIntent.top_up_id > after)
    )
    return session().scalars(waiting.order_by(PurchaseIntent.top_up_id).limit(most)).all()
