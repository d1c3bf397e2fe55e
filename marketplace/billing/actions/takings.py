"""Staff take back what no bank has taken: the transfer is reversed, and the money is the agency's balance again."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from marketplace.billing.actions.payout_rows import locked
from marketplace.billing.actions.stripe_calls import ask, is_being_made
from marketplace.billing.models import Payout, PayoutState
from marketplace.billing.payout_errors import NotReversible
from marketplace.events import SYSTEM, record
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound, Refusal
from marketplace.kit.money import Money
from marketplace.people import Power, Who
from marketplace.people.queries.ties import keep_apart

KIND = "take_payout_back"
_LEFT = (PayoutState.SENT, PayoutState.FAILED)


@dataclass(frozen=True, slots=True)
class Taking:
    """What is to come back of which transfer; `call` names this call among others for the same transfer."""

    transfer_id: str
    amount: Money
    call: str


def take_back(who: Who, payout_id: UUID, reason: str) -> Payout:
    """Have what a payout has left on its account at Stripe come back.

    Raises Forbidden, NotFound, TooNear, NotReversible.
    """
    who.need(Power.MONEY_WRITE)
    payout = session().scalars(fresh(select(Payout).where(Payout.id == payout_id))).first()
    if payout is None:
        raise NotFound
    keep_apart(who, payout.org_id)
    if payout.state not in _LEFT or payout.returned_cents == payout.amount_cents or is_being_made(KIND, payout.id):
        raise NotReversible
    payout.takings += 1
    ask(KIND, payout.id, f"payout:{payout.id}:taking:{payout.takings}")
    record("payout.taking_asked", payout.id, by=who, orgs=[payout.org_id], reason=reason)
    return payout


def start(payout_id: UUID) -> Taking:
    """What is to be asked of Stripe: the same as often as this call is made."""
    payout = locked(payout_id)
    return Taking(payout.transfer_id or "", payout.amount - payout.returned, str(payout.takings))


def refuse(payout_id: UUID, why: Refusal) -> None:
    """Stripe says no: the agency's bank has the money, or nothing is left there."""
    payout = locked(payout_id)
    record("payout.taking_refused", payout.id, by=SYSTEM, orgs=[payout.org_id], why=why.code)
