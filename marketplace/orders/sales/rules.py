"""Pure decisions about sales: allowed changes, the plan of instalments, what a release pays to whom, reminders."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.kit.months import months_later
from marketplace.orders.models import OrderState
from marketplace.orders.rules import Release, release_of
from marketplace.orders.sales.models import Sale, SaleState

S = SaleState
#: the life of one sale
ALLOWED: Mapping[SaleState, frozenset[SaleState]] = {
    S.REPORTED: frozenset({S.CONTESTED, S.COMMISSION_DUE, S.HELD, S.RELEASED, S.VOID}),
    S.CONTESTED: frozenset({S.COMMISSION_DUE, S.HELD, S.RELEASED, S.REVERSED, S.VOID}),
    S.COMMISSION_DUE: frozenset({S.HELD, S.RELEASED, S.REVERSED, S.CONTESTED}),
    S.HELD: frozenset({S.COMMISSION_DUE, S.RELEASED, S.REVERSED, S.CONTESTED}),
    S.RELEASED: frozenset({S.COMMISSION_DUE, S.HELD, S.CONTESTED}),
    S.REVERSED: frozenset({S.COMMISSION_DUE, S.HELD, S.CONTESTED}),
    S.VOID: frozenset(),
}

#: how long an agency may contest what a buyer says; silence agrees
ANSWER_TIME = timedelta(hours=72)
#: how long a report may be corrected that the agency has not answered: each correction begins its time again
CORRECTABLE = timedelta(days=7)
#: how long a commission may be due before the buyer cannot buy any more
GRACE = timedelta(days=7)
#: how long a report may be overdue before staff look into it
AUDIT_AFTER = timedelta(days=7)
#: when a buyer is reminded of a report, as parts of the time for it: 30, 60 and 80 days of 90
REMINDERS = ((30, 90), (60, 90), (80, 90))

#: a sale in one of these still waits for somebody
_OPEN = frozenset({S.REPORTED, S.CONTESTED})
_BY_SALES: Sequence[tuple[Collection[SaleState], OrderState]] = (
    (_OPEN, OrderState.REPORTED),
    ({S.COMMISSION_DUE}, OrderState.COMMISSION_DUE),
    ({S.HELD}, OrderState.HELD),
    ({S.RELEASED}, OrderState.RELEASED),
    ({S.REVERSED}, OrderState.REVERSED),
)


def is_correctable(sale: Sale, sales: Sequence[Sale], now: datetime) -> bool:
    """Whether its buyer may say what it really came to: not while staff decide, and a report not for ever.

    sales: all of its order. A report that was taken back has begun the time of the next, until one is answered.
    """
    if sale.state != S.REPORTED:
        return sale.state not in (S.CONTESTED, S.VOID)
    answered = [each.reported_at for each in sales if each.accepted_at or each.decided_at]
    taken_back = [each.reported_at for each in sales if each.state == S.VOID]
    since = [at for at in taken_back if not answered or at > max(answered)]
    return now <= min([sale.reported_at, *since]) + CORRECTABLE


def order_state(sales: Collection[SaleState], *, is_closed: bool) -> OrderState:
    """Where an order is by its sales: at the least settled one; without any it waits for one, or was closed before."""
    found = (state for states, state in _BY_SALES if any(sale in states for sale in sales))
    return next(found, OrderState.CLOSED_NO_SALE if is_closed else OrderState.ACQUIRED)


def is_settled(sales: Collection[SaleState]) -> bool:
    """Whether no further commission is expected: what is left of a deposit then goes back."""
    return not any(sale in _OPEN or sale == S.COMMISSION_DUE for sale in sales)


def sale_state(amount: int, commission: int, kept: int, released: int) -> SaleState:
    """Where an agreed sale is by its money: all in minor units; `kept` is what was paid and not given back."""
    if amount == 0:
        return S.REVERSED
    if kept < commission:
        return S.COMMISSION_DUE
    return S.HELD if released < commission else S.RELEASED


def plan(commission: int, instalments: int) -> list[int]:
    """What is to be paid of a commission up to and with each monthly part, rounded half up; the last is all of it."""
    return [(2 * commission * part + instalments) // (2 * instalments) for part in range(1, instalments + 1)]


def parts(commission: int, instalments: int, since: datetime) -> list[tuple[datetime, int]]:
    """The monthly parts of a commission with their days, the first on `since`; together they are all of it."""
    sums = plan(commission, instalments)
    return [(months_later(since, i), upto - (sums[i - 1] if i else 0)) for i, upto in enumerate(sums)]


def payable_by(commission: int, instalments: int, since: datetime, now: datetime) -> tuple[int, datetime | None]:
    """How much of a commission is to be paid by now, the first part on `since`; and when the next part is, if any."""
    planned = parts(commission, instalments, since)
    return sum(cents for at, cents in planned if at <= now), min(
        (at for at, _cents in planned if at > now), default=None
    )


def first_of(sales: Sequence[Sale]) -> Sale | None:
    """The sale from which repeat sales are counted, as long as it stands."""
    return next((sale for sale in sales if not sale.is_repeat and sale.state not in (S.REVERSED, S.VOID)), None)


def repeat_until(first_sold_at: datetime, months: int) -> datetime | None:
    """How long after a first sale a further one counts; None where only the first does."""
    return months_later(first_sold_at, months) if months else None


def release_part(before: int, cents: int, fee_bp: int, reserve_bp: int) -> Release:
    """Split the next `cents` of a commission of which `before` was released: the parts of all releases together are
    those of one release of the whole, so that no rounding is lost or taken twice; none is ever negative.
    """
    first, all_of_it = release_of(before, fee_bp, reserve_bp), release_of(before + cents, fee_bp, reserve_bp)
    return Release(
        fee=all_of_it.fee - first.fee,
        reserve=all_of_it.reserve - first.reserve,
        payable=all_of_it.payable - first.payable,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """How far the waiting for a report is: how many reminders are due by now, and when the next step is."""

    reminders: int
    next_at: datetime


def waiting_step(placed_at: datetime, report_due_at: datetime, now: datetime) -> Step:
    """The reminders that are due by now, and when the next one is; after the last one the report itself is due."""
    time = report_due_at - placed_at
    moments = [placed_at + time * part / of for part, of in REMINDERS]
    come = sum(1 for moment in moments if moment <= now)
    return Step(come, moments[come] if come < len(moments) else report_due_at)
