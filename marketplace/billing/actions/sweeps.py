"""Our own money goes from Stripe to our bank: asked for by staff, sent, sent back. Each may arrive twice."""

from uuid import UUID

from sqlalchemy import func, select

from marketplace import ledger
from marketplace.billing import treasury_rules as rules
from marketplace.billing.actions.stripe_calls import ask
from marketplace.billing.errors import WrongCharge
from marketplace.billing.gateway import BankPayout, Settlement, SweepAsk
from marketplace.billing.models import Sweep, SweepState
from marketplace.billing.models.treasury import LOST
from marketplace.billing.payout_errors import SweepTooLarge, SweepUnderWay
from marketplace.billing.treasury_queries import sweepable
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import Refusal
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.ledger import Account, Line, credit, debit, post
from marketplace.people import Power, User, Who

S = SweepState


def ask_sweep(who: Who, amount: Money, reason: str) -> Sweep:
    """Send our own money to our bank. Raises Forbidden, SweepTooLarge, SweepUnderWay."""
    who.need(Power.MONEY_WRITE)
    session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"sweep:{amount.currency}"))))
    under_way = select(Sweep.id).where(Sweep.currency == amount.currency, Sweep.state.in_((S.ASKED, S.UNKNOWN)))
    if session().scalar(under_way):
        raise SweepUnderWay
    if not 0 < amount.amount <= sweepable(amount.currency):
        raise SweepTooLarge(fields={"amount": SweepTooLarge.sentence})
    sweep = Sweep(
        id=new_id(),
        asked_by=who.user_id,
        reason=reason,
        amount_cents=amount.amount,
        currency=amount.currency,
        state=S.ASKED,
        created_at=clock.now(),
    )
    session().add(sweep)
    session().flush()
    ask("send_sweep", sweep.id, f"sweep:{sweep.id}:send")
    record("sweep.asked", sweep.id, by=who, cents=amount.amount, currency=amount.currency, reason=reason)
    return sweep


def prepare_sweep(sweep_id: UUID) -> SweepAsk:
    sweep = _locked(sweep_id)
    return SweepAsk(sweep.id, sweep.amount, sweep.created_at, sweep.asked_by)


def doubt_sweep(sweep_id: UUID) -> None:
    """Whether it was sent is not known."""
    sweep = _locked(sweep_id)
    if sweep.state == S.ASKED:
        _move(sweep, S.UNKNOWN)


def refuse_sweep(sweep_id: UUID, why: Refusal) -> None:
    """Stripe says no; nothing has moved."""
    sweep = _locked(sweep_id)
    if sweep.state in (S.ASKED, S.UNKNOWN):
        _move(sweep, S.REFUSED)
        sweep.why, sweep.ended_at = why.code, clock.now()
        record("sweep.refused", sweep.id, by=SYSTEM, why=why.code)


def settle_sweep(found: BankPayout) -> Sweep | None:
    """Bring a sweep to where its payout at Stripe stands; one that a restore has lost is known again.

    Returns: None for a payout that is none of ours.

    Raises:
        WrongCharge: Stripe's payout is another one than we asked for.
    """
    sweep = session().scalars(fresh(select(Sweep).where(Sweep.id == found.sweep_id))).first() or _adopt(found)
    if sweep is None:
        return None
    if found.amount != sweep.amount or sweep.stripe_id not in (None, found.id):
        raise WrongCharge(str(sweep.id))
    if sweep.state in (S.ASKED, S.UNKNOWN):
        _send(sweep, found)
    _settle(sweep, found.settlement, -sweep.amount_cents)
    if found.status == "paid" and sweep.state == S.SENT:
        _move(sweep, S.PAID)
        sweep.ended_at = clock.now()
    elif found.status in ("failed", "canceled"):
        _return(sweep, found)
    return sweep


def _adopt(found: BankPayout) -> Sweep | None:
    asked_by = session().scalar(select(User.id).where(User.id == found.asked_by))
    if found.sweep_id is None or asked_by is None:
        return None
    sweep = Sweep(
        id=found.sweep_id,
        asked_by=asked_by,
        reason=LOST,
        amount_cents=found.amount.amount,
        currency=found.amount.currency,
        state=S.UNKNOWN,
        created_at=found.created_at,
    )
    session().add(sweep)
    session().flush()
    record("sweep.adopted", sweep.id, by=SYSTEM, payout=found.id)
    return sweep


def _send(sweep: Sweep, found: BankPayout) -> None:
    _move(sweep, S.SENT)
    sweep.stripe_id, sweep.sent_at = found.id, clock.now()
    lines = [debit(Account.BANK, sweep.amount_cents), credit(Account.STRIPE_CLEARING, sweep.amount_cents)]
    _book(sweep, "sweep", f"po:{found.id}:sent", lines)
    record("sweep.sent", sweep.id, by=SYSTEM, payout=found.id)


def _return(sweep: Sweep, found: BankPayout) -> None:
    if sweep.state in (S.SENT, S.PAID):
        _move(sweep, S.FAILED)
        sweep.why, sweep.ended_at = found.why or found.status, clock.now()
        lines = [debit(Account.STRIPE_CLEARING, sweep.amount_cents), credit(Account.BANK, sweep.amount_cents)]
        _book(sweep, "sweep_return", f"po:{found.id}:returned", lines)
        record("sweep.failed", sweep.id, by=SYSTEM, why=sweep.why)
    _settle(sweep, found.return_settlement, sweep.amount_cents)


def _settle(sweep: Sweep, settlement: Settlement | None, expected: int) -> None:
    """Stripe's own account of a movement; `expected` is signed as Stripe signs it."""
    if settlement is None or ledger.is_booked(f"txn:{settlement.id}"):
        return
    if settlement.amount != Money(expected, sweep.currency):
        raise WrongCharge(str(sweep.id))
    lines = [
        Line(Account.STRIPE_BALANCE, expected - settlement.fee),
        Line(Account.PROCESSING_FEE, settlement.fee),
        Line(Account.STRIPE_CLEARING, -expected),
    ]
    _book(sweep, "sweep_settle", f"txn:{settlement.id}", lines)
    sweep.settled_at = clock.now()


def _book(sweep: Sweep, kind: str, key: str, lines: list[Line]) -> None:
    session().flush()
    post(kind, key=key, reference=sweep.id, currency=sweep.currency, lines=lines, by=SYSTEM)


def _move(sweep: Sweep, state: SweepState) -> None:
    if state not in rules.ALLOWED[SweepState(sweep.state)]:
        raise ValueError(f"sweep {sweep.id}: {sweep.state} -> {state}")
    sweep.state = state


def _locked(sweep_id: UUID) -> Sweep:
    return session().scalars(fresh(select(Sweep).where(Sweep.id == sweep_id))).one()
