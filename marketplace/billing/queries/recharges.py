"""Wallets that fill themselves: how each stands, for its owner; and which are low, for the product itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, select

from marketplace import ledger
from marketplace.billing import recharge_rules as rules
from marketplace.billing.models import OPEN, PAID, Chargeback, ChargebackState, Recharge, SavedCard, TopUp
from marketplace.billing.queries.wallets import is_owing, loaded_lately
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.ledger import Account
from marketplace.ledger.models import LedgerAccount
from marketplace.people import Organisation, Power, Who

_DAY = timedelta(hours=24)
_BATCH = 200
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class RechargeLine:
    """The settings with their card, what the next charge waits for if it waits, and the latest charges."""

    recharge: Recharge
    card: SavedCard
    wait: rules.Wait | None
    charges: Sequence[TopUp]


def recharge_for(who: Who, currency: str, *, charges: int = 0) -> RechargeLine | None:
    """How a buyer's wallet fills itself, with so many of its latest charges; None when that was never set.

    `wait` is None while it is off, paused, or not low.
    """
    who.need(Power.WALLET_READ)
    return recharge_of(who.org_id, currency, charges=charges)


def recharge_of(org_id: UUID, currency: str, *, charges: int = 0) -> RechargeLine | None:
    """The same for the product itself."""
    mine = _with_cards().where(Recharge.org_id == org_id, Recharge.currency == currency)
    row = session().execute(mine).first()
    if row is None:
        return None
    recharge, card = row
    is_low = recharge.is_on and not recharge.pause and is_below(recharge)
    wait = rules.wait_of(facts_of(recharge), clock.now()) if is_low else None
    made = select(TopUp).where(TopUp.recharge_id == recharge.id).order_by(TopUp.id.desc()).limit(charges)
    return RechargeLine(recharge, card, wait, session().scalars(made).all() if charges else ())


def is_below(recharge: Recharge) -> bool:
    """Whether the wallet is low now."""
    return ledger.balance(Account.WALLET_CASH, recharge.org_id, recharge.currency) < recharge.below_cents


def facts_of(recharge: Recharge) -> rules.Facts:
    """What decides about its next charge, as it stands now."""
    theirs = Chargeback.org_id == recharge.org_id, Chargeback.state.not_in((ChargebackState.WON, ChargebackState.LOST))
    charged = select(func.count()).where(
        TopUp.recharge_id == recharge.id, TopUp.state.in_(PAID), TopUp.created_at > clock.now() - _DAY
    )
    is_charging = select(exists().where(TopUp.recharge_id == recharge.id, TopUp.state.in_(OPEN)))
    verified = select(Organisation.verified_at.is_not(None)).where(Organisation.id == recharge.org_id)
    return rules.Facts(
        is_verified=session().execute(verified).scalar_one(),
        has_chargeback=session().execute(select(exists().where(*theirs))).scalar_one(),
        owes=is_owing(recharge.org_id),
        is_charging=session().execute(is_charging).scalar_one(),
        next_at=recharge.next_at,
        charged=session().execute(charged).scalar_one(),
        loaded=loaded_lately(recharge.org_id),
        amount=recharge.amount_cents,
    )


def low(after: UUID) -> Sequence[UUID]:
    """Up to 200 wallets behind this one that are low and may be charged by their own clock, in order."""
    wallet = and_(
        LedgerAccount.kind == Account.WALLET_CASH,
        LedgerAccount.owner_id == Recharge.org_id,
        LedgerAccount.currency == Recharge.currency,
    )
    found = (
        select(Recharge.id)
        .outerjoin(LedgerAccount, wallet)
        .where(
            Recharge.is_on,
            Recharge.pause.is_(None),
            Recharge.next_at.is_(None) | (Recharge.next_at <= clock.now()),
            func.coalesce(LedgerAccount.balance, 0) < Recharge.below_cents,
            Recharge.id > after,
        )
    )
    return session().scalars(found.order_by(Recharge.id).limit(_BATCH)).all()


def open_charges(most: int) -> Sequence[str]:
    """Payments from saved cards that a bank has not decided about yet, oldest first."""
    waiting = select(TopUp.payment_intent_id).where(
        TopUp.state.in_(OPEN), TopUp.recharge_id.is_not(None), TopUp.payment_intent_id.is_not(None)
    )
    return [str(found) for found in session().scalars(waiting.order_by(TopUp.created_at).limit(most))]


def _with_cards() -> Select[Recharge, SavedCard]:
    return select(Recharge, SavedCard).join(SavedCard, SavedCard.id == Recharge.card_id)
