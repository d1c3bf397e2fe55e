"""A deposit is taken with the dispute and ends with it; each way is one entry of the ledger."""

from uuid import UUID

from sqlalchemy import select

from marketplace.billing.actions.chargebacks import back_to_buyer
from marketplace.disputes.appealed import BUYER, appeals_of, of_side
from marketplace.disputes.deposits.errors import DepositNeeded
from marketplace.disputes.deposits.models import DepositState, DisputeDeposit
from marketplace.disputes.deposits.rules import end_of
from marketplace.disputes.models import Dispute
from marketplace.disputes.rules import ENDS
from marketplace.events import SYSTEM, Actor
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.money import Money
from marketplace.ledger import Account, credit, debit, post
from marketplace.orders import Order, OrderState

_BATCH = 50
_FIRST = UUID(int=0)


def take(dispute: Dispute, asked: Money, seen_cents: int | None, by: Actor) -> None:
    """Take what is asked for, if the buyer has seen it; in the transaction that opens the dispute.

    Raises:
        DepositNeeded: it has not seen this amount. Overdrawn: the wallet is short.
    """
    if not asked.amount:
        return
    if seen_cents != asked.amount:
        raise DepositNeeded.of(asked)
    session().add(
        DisputeDeposit(
            dispute_id=dispute.id,
            cents=asked.amount,
            currency=asked.currency,
            state=DepositState.HELD,
            taken_at=clock.now(),
        )
    )
    session().flush()
    post(
        "deposit",
        key=f"dispute:{dispute.id}:deposit",
        reference=dispute.id,
        currency=asked.currency,
        lines=[
            debit(Account.WALLET_CASH, asked.amount, dispute.buyer_id),
            credit(Account.ORDER_DEPOSIT, asked.amount, dispute.id),
        ],
        by=by,
    )


def settle(dispute: Dispute, by: Actor) -> None:
    """Give the deposit back, or keep it, where that is clear by now; done once, however often it is asked for."""
    found = select(DisputeDeposit).where(DisputeDeposit.dispute_id == dispute.id)
    row = session().scalars(fresh(found)).first()
    if row is None or row.state != DepositState.HELD:
        return
    end = end_of(dispute, of_side(appeals_of(dispute), BUYER), clock.now())
    if end is None:
        return
    row.state, row.settled_at = end, clock.now()
    session().flush()
    held = debit(Account.ORDER_DEPOSIT, row.cents, dispute.id)
    if end == DepositState.RETURNED:
        kind, to = "deposit_return", back_to_buyer(dispute.buyer_id, row.cents, row.currency)
    else:
        kind, to = "deposit_forfeit", [credit(Account.FEE_REVENUE, row.cents)]
    key = f"dispute:{dispute.id}:{kind}"
    post(kind, key=key, reference=dispute.id, currency=row.currency, lines=[held, *to], by=by)


def settle_due(after: UUID = _FIRST) -> UUID | None:
    """Settle what has ended, up to 50 disputes behind `after`; the last one, None when there are no more.

    While a bank holds the order nothing ends: its buyer may appeal later.
    """
    ended = (
        select(Dispute)
        .join(DisputeDeposit, DisputeDeposit.dispute_id == Dispute.id)
        .join(Order, Order.id == Dispute.order_id)
        .where(DisputeDeposit.state == DepositState.HELD, Dispute.id > after, Dispute.state.in_(ENDS))
        .where(Order.state != OrderState.FROZEN)
    )
    taken = ended.order_by(Dispute.id).limit(_BATCH).with_for_update(of=Dispute, skip_locked=True)
    disputes = session().scalars(taken.execution_options(populate_existing=True)).all()
    for dispute in disputes:
        settle(dispute, SYSTEM)
    return disputes[-1].id if disputes else None
