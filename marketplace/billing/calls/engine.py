"""Row, call, row: how everything is asked of Stripe that Stripe is to *do*.

1. `ask` stores what is wanted, in the transaction of the business act that wants it.
2. `perform` makes the call outside any transaction, under the idempotency key of the row.
3. What came of it is written in a second transaction: `settle`, `refuse`, or "not known".

While the outcome is not known the same call is repeated under the same key. Stripe forgets keys after 24 hours, so
after 20 the object is looked up by what we wrote on it, and never asked for again blindly. A call from before a restore
may have been made in the time that was lost: it is looked up first, and made when it is not there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from marketplace.billing.actions import homes
from marketplace.billing.actions.stripe_calls import end, take
from marketplace.billing.errors import KeyTaken, NeverMade, PaymentsAway
from marketplace.billing.gateway import Gateway
from marketplace.billing.models import CallState
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.own import Given

#: after this Stripe may have forgotten the key
KEYS_HOLD = timedelta(hours=20)

#: where a process may die around a call; tests go through all of them
POINTS = ("before_call", "after_call", "settled")


@dataclass(frozen=True, slots=True)
class Call:
    """One kind of call.

    Attributes:
        kind: its name.
        prepare: what to ask for, read from the subject's row in a transaction; a Refusal ends the call unmade.
        make: the call itself, under the given key. Raises PaymentsAway or another Refusal.
        find: the object by what we wrote on it, when the key has become too old; None when it does not exist.
        settle: writes down what came of it, in a transaction; repeatable.
        refuse: writes down that it will never be, in a transaction; repeatable.
        doubt: writes down that the outcome is not known, in a transaction; repeatable.
    """

    kind: str
    prepare: Callable[[UUID], Any]
    make: Callable[[Gateway, Any, str], Any]
    find: Callable[[Gateway, Any], Any]
    settle: Callable[[UUID, Any], object]
    refuse: Callable[[UUID, Refusal], object]
    doubt: Callable[[UUID], object] = lambda _subject_id: None


@dataclass(frozen=True, slots=True)
class _Taken:
    call: Call
    subject_id: UUID
    key: str
    wanted: Any
    is_too_old: bool
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class _Wired:
    gateway: Gateway
    calls: Mapping[str, Call]


_WIRED: Given[_Wired] = Given("gateway")


def use(gateway: Gateway, calls: Mapping[str, Call]) -> None:
    """Set the gateway and the table of calls; at the application's start."""
    _WIRED.set(_Wired(gateway, calls))


def gateway() -> Gateway:
    """The application's gateway."""
    return _WIRED.get().gateway


class _Watched:
    """For the whole process: it is a process that dies at a point, with every application in it."""

    at: Callable[[str, str], None]


def watch(at: Callable[[str, str], None]) -> None:
    """Be told (kind, point) whenever a call passes one of `POINTS`: for tests that end the process there."""
    _Watched.at = staticmethod(at)


def _unwatched(_kind: str, _point: str) -> None:
    """Nobody looks."""


watch(_unwatched)


def perform(call_id: UUID) -> None:
    """Make a stored call unless it has ended already. An edge: opens its own transactions.

    Raises:
        PaymentsAway: the outcome is not known; it is tried again later.
        Refusal: Stripe, or our own row, says no for good; that is written down.
    """
    try:
        with transaction():
            taken = _take(call_id)
    except PaymentsAway:
        raise
    except Refusal as why:
        _end_unmade(call_id, why)
        raise
    if taken is None:
        return
    kind = taken.call.kind
    _Watched.at(kind, "before_call")
    try:
        result = _make(taken)
    except PaymentsAway as why:
        with transaction():
            if end(call_id, CallState.UNKNOWN, why):
                taken.call.doubt(taken.subject_id)
        raise
    except Refusal as why:
        _end_unmade(call_id, why)
        raise
    _Watched.at(kind, "after_call")
    with transaction():
        if end(call_id, CallState.DONE):
            taken.call.settle(taken.subject_id, result)
    _Watched.at(kind, "settled")


def _take(call_id: UUID) -> _Taken | None:
    row = take(call_id)
    if row is None:
        return None
    call = _WIRED.get().calls[row.kind]
    started = row.first_tried_at or clock.now()
    return _Taken(
        call=call,
        subject_id=row.subject_id,
        key=row.key,
        wanted=call.prepare(row.subject_id),
        is_too_old=clock.now() - started > KEYS_HOLD,
        is_doubtful=homes.is_doubtful(row.created_at),
    )


def _make(taken: _Taken) -> Any:
    if taken.is_too_old:
        return _find(taken)
    if taken.is_doubtful and (found := taken.call.find(gateway(), taken.wanted)) is not None:
        return found
    try:
        return taken.call.make(gateway(), taken.wanted, taken.key)
    except KeyTaken:
        return _find(taken)


def _find(taken: _Taken) -> Any:
    found = taken.call.find(gateway(), taken.wanted)
    if found is None:
        raise NeverMade
    return found


def _end_unmade(call_id: UUID, why: Refusal) -> None:
    with transaction():
        row = end(call_id, CallState.REFUSED, why)
        if row:
            _WIRED.get().calls[row.kind].refuse(row.subject_id, why)
