"""What staff watch at the border to Stripe: calls without an outcome, news that could not be handled, chargebacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select

from marketplace.billing.actions import homes
from marketplace.billing.models import (
    CallState,
    Chargeback,
    ChargebackState,
    LinkedParty,
    StripeCall,
    StripeEvent,
    TopUp,
)
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.ledger import Account
from marketplace.ledger.models import LedgerAccount
from marketplace.people import Organisation, Power, Who

_SHOWN = 50
_LATE = timedelta(minutes=5)
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Webhooks:
    """News of Stripe within 24 hours, and all that nobody could handle. `oldest` is the oldest that still waits."""

    received: int
    waiting: int
    oldest: datetime | None
    dead: Sequence[StripeEvent]


@dataclass(frozen=True, slots=True)
class ChargebackLine:
    """A chargeback with the buyer whose payment it is, and when that was credited."""

    chargeback: Chargeback
    buyer: Organisation
    paid_at: datetime

    @property
    def id(self) -> UUID:
        return self.chargeback.id


@dataclass(frozen=True, slots=True)
class Link:
    """The other side of a pair that trades nothing, and what ties it: `card` or `bank`."""

    other: Organisation
    why: str
    since: datetime


def links_for(who: Who, org_id: UUID) -> list[Link]:
    """Whom a card or a bank ties to an agency or a buyer, the newest first. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    is_other = case((LinkedParty.agency_id == org_id, LinkedParty.buyer_id), else_=LinkedParty.agency_id)
    mine = or_(LinkedParty.agency_id == org_id, LinkedParty.buyer_id == org_id)
    found = select(Organisation, LinkedParty).join(LinkedParty, Organisation.id == is_other).where(mine)
    rows = session().execute(found.order_by(LinkedParty.since.desc()).limit(_SHOWN))
    return [Link(other, link.why, link.since) for other, link in rows]


def open_calls_for(who: Who) -> Sequence[StripeCall]:
    """Calls whose outcome is not known, or that nobody has made for minutes, oldest first. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    is_late = (StripeCall.state == CallState.INTENDED) & (StripeCall.next_at < clock.now() - _LATE)
    waiting = select(StripeCall).where((StripeCall.state == CallState.UNKNOWN) | is_late)
    return session().scalars(waiting.order_by(StripeCall.created_at).limit(_SHOWN)).all()


def is_resting_for(who: Who) -> bool:
    """Whether nothing is asked of Stripe because the database was restored and nobody has run `fairlead restored`."""
    who.need(Power.LEDGER_READ)
    return homes.is_restored()


def webhooks_for(who: Who) -> Webhooks:
    """How handling Stripe's news goes. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    lately = select(func.count()).where(StripeEvent.received_at > clock.now() - _DAY)
    still = StripeEvent.handled_at.is_(None) & StripeEvent.dead_at.is_(None)
    waiting, oldest = session().execute(select(func.count(), func.min(StripeEvent.received_at)).where(still)).one()
    dead = select(StripeEvent).where(StripeEvent.dead_at.is_not(None)).order_by(StripeEvent.dead_at).limit(_SHOWN)
    return Webhooks(session().execute(lately).scalar_one(), waiting, oldest, session().scalars(dead).all())


def chargebacks_for(who: Who, ask: Ask) -> Page[ChargebackLine]:
    """Chargebacks, newest first. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    return page(_chargebacks(), ask, by=[Chargeback.id], key=lambda line: [line.id], build=lambda row: _line(*row))


def chargeback_for(who: Who, chargeback_id: UUID) -> ChargebackLine:
    """One chargeback. Raises NotFound, Forbidden."""
    who.need(Power.LEDGER_READ)
    row = session().execute(_chargebacks().where(Chargeback.id == chargeback_id)).first()
    if row is None:
        raise NotFound
    return _line(*row)


def chargebacks_to_answer(who: Who) -> int:
    """How many wait for an answer of ours, also where the bank only asks. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    waits = Chargeback.state.in_((ChargebackState.INQUIRY, ChargebackState.NEEDS_ANSWER))
    asked = waits & (Chargeback.answer == "") & Chargeback.answered_at.is_(None)
    return session().execute(select(func.count()).where(asked)).scalar_one()


def frozen_for(who: Who, currency: str) -> int:
    """What of a buyer's wallet is frozen for chargebacks, in minor units."""
    who.need(Power.WALLET_READ)
    frozen = (
        select(func.coalesce(func.sum(LedgerAccount.balance), 0))
        .join(Chargeback, Chargeback.id == LedgerAccount.owner_id)
        .where(LedgerAccount.kind == Account.WALLET_FROZEN, LedgerAccount.currency == currency)
        .where(Chargeback.org_id == who.org_id)
    )
    return int(session().execute(frozen).scalar_one() or 0)


def _chargebacks() -> Select[Chargeback, Organisation, datetime]:
    paid_at = func.coalesce(TopUp.credited_at, TopUp.created_at)
    return (
        select(Chargeback, Organisation, paid_at)
        .join(Organisation, Organisation.id == Chargeback.org_id)
        .join(TopUp, TopUp.id == Chargeback.top_up_id)
    )


def _line(chargeback: Chargeback, buyer: Organisation, paid_at: datetime) -> ChargebackLine:
    return ChargebackLine(chargeback, buyer, paid_at)
