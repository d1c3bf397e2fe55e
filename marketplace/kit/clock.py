"""The product's time. In the demo and in tests it can be moved; the offset stands in the database for every process."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, db, session
from marketplace.kit.own import Given

_FRESH_S = 0.25
#: after a move, every process knows the new time within this many seconds
KNOWN_EVERYWHERE_S = 0.5


class ClockOffset(Base):
    """How far the product's time is ahead of the machine's: one row, only in the demo and in tests."""

    __tablename__ = "clock_offset"
    __table_args__ = (CheckConstraint("is_only", name="one_row"),)

    is_only: Mapped[bool] = mapped_column(primary_key=True, default=True)
    microseconds: Mapped[int] = mapped_column(BigInteger, default=0)


@dataclass(slots=True)
class _Known:
    """The offset as this application knows it; read again when older than a quarter of a second."""

    is_movable: bool
    offset: timedelta = timedelta(0)
    read_at: float = 0.0


_KNOWN: Given[_Known] = Given("time")


def let_it_move(*, allowed: bool) -> None:
    """Say, at the application's start, whether its time may be moved; what was known of the time is forgotten."""
    _KNOWN.set(_Known(is_movable=allowed))


def now() -> datetime:
    """The product's time, aware, UTC."""
    real, known = datetime.now(UTC), _KNOWN.get()
    return real + _offset(known) if known.is_movable else real


def outside() -> datetime:
    """The machine's time, aware, UTC: by it go clocks that nobody moves with the product's, such as that of a phone."""
    return datetime.now(UTC)


def begin(ago: timedelta) -> datetime:
    """Let the time of an installation without a past begin so long ago; whoever does it lives up to today.

    Raises:
        RuntimeError: where time may not be moved.
        ValueError: time has been moved before.
    """
    known = _movable()
    back = -(ago // timedelta(microseconds=1))
    first = insert(ClockOffset).values(is_only=True, microseconds=back).on_conflict_do_nothing()
    if not session().execute(first.returning(ClockOffset.microseconds)).first():
        raise ValueError("this installation has its time already")
    known.read_at = 0.0
    return now()


def behind() -> timedelta:
    """How far the product's time still is behind the machine's; nothing when it is not."""
    known = _KNOWN.get()
    return max(timedelta(0), -_offset(known)) if known.is_movable else timedelta(0)


def advance(by: timedelta) -> datetime:
    """Move the product's time forward for every process; inside a transaction.

    Raises:
        RuntimeError: where time may not be moved.
        ValueError: when asked to go back: records are append-only and would contradict each other.
    """
    known = _movable()
    if by < timedelta(0):
        raise ValueError("time only goes forward")
    more = by // timedelta(microseconds=1)
    session().execute(
        insert(ClockOffset)
        .values(is_only=True, microseconds=more)
        .on_conflict_do_update(index_elements=["is_only"], set_={"microseconds": ClockOffset.microseconds + more})
    )
    known.read_at = 0.0
    return now()


def _movable() -> _Known:
    known = _KNOWN.get()
    if not known.is_movable:
        raise RuntimeError("time can be moved in the demo and in tests only")
    return known


def _offset(known: _Known) -> timedelta:
    if time.monotonic() - known.read_at > _FRESH_S:
        in_use = db.session.registry.has() and session().in_transaction()
        row = _read_within() if in_use else _read_apart(known)
        known.offset = timedelta(microseconds=row or 0)
        known.read_at = time.monotonic()
    return known.offset


def _read_within() -> int | None:
    """Read in the open transaction. What the act has set so far is not written by it: it may be half of a change."""
    with session().no_autoflush:
        return session().execute(select(ClockOffset.microseconds)).scalar()


def _read_apart(known: _Known) -> int | None:
    """Read on a connection of its own; while the database is away the offset stays as it was."""
    try:
        with db.engine.connect() as connection:
            return connection.execute(select(ClockOffset.microseconds)).scalar()
    except DBAPIError:
        return known.offset // timedelta(microseconds=1)
