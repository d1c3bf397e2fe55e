"""What may go wrong between Stripe, banks and us, made without Stripe: one of each."""

from sqlalchemy import select, update

from marketplace.billing import ask_top_up, inbox
from marketplace.billing.gateway import BankDispute, News, Settlement
from marketplace.billing.models import Chargeback, StripeEvent, TopUp
from marketplace.billing.queries import call_of
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.orders.chargebacks import settle_chargeback
from tests.factories.money import fund
from tests.factories.people import make_person


def taken_back(cents: int = 100_00) -> str:
    """A payment that its payer takes back, waiting for our answer; the chargeback's id."""
    return bank_dispute(fund(make_person("buyer").who, cents), "needs_response", cents)


def bank_dispute(top_up_id: str, status: str, cents: int) -> str:
    """How a bank's case about a top-up stands; it has taken the money unless it only asks. The chargeback's id."""
    with transaction():
        tell_of_bank(top_up_id, status, cents)
        return str(session().scalars(select(Chargeback.id).where(Chargeback.top_up_id == top_up_id)).one())


def tell_of_bank(top_up_id: str, status: str, cents: int) -> None:
    """The same within a transaction that is open."""
    payment = session().scalars(select(TopUp.payment_intent_id).where(TopUp.id == top_up_id)).one()
    moved = Settlement(f"txn_dp_{top_up_id}", Money(-cents, "USD"), 15_00)
    settle_chargeback(
        BankDispute(
            id=f"dp_{top_up_id}",
            payment=str(payment),
            amount=Money(cents, "USD"),
            status=status,
            reason="fraudulent",
            answer_by=None,
            is_answered=False,
            settlements=() if status.startswith("warning") else (moved,),
        )
    )


def dead_news() -> str:
    """Stripe events that could not be handled; its id with us."""
    with transaction():
        inbox.keep_event(News("evt_dead", "invoice.created", "in_1"))
        session().execute(
            update(StripeEvent).where(StripeEvent.stripe_id == "evt_dead").values(dead_at=clock.now(), why="Broken")
        )
        return str(session().scalars(select(StripeEvent.id).where(StripeEvent.stripe_id == "evt_dead")).one())


def unmade_call() -> str:
    """Something that Stripe was asked to do and that nobody has done; the call's id."""
    buyer = make_person("buyer").who
    with transaction():
        return str(call_of("open_checkout", ask_top_up(buyer, Money(50_00, "USD")).id))
