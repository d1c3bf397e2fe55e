"""What the product keeps of its own checks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id


class CheckRun(Base):
    """One run of every invariant. Rows never change.

    Attributes:
        night: the day whose nightly run it is, one a day; None for a run between two nights.
        at: when it began.
        rules: the codes of all invariants that were checked.
        broken: those that did not hold: `{"code", "title", "rows"}`, at most 20 rows each.
        head_number, head_hash: the head of the chain, all of whose blocks were verified; None before the first block.
    """

    __tablename__ = "check_runs"

    id: Mapped[Id]
    night: Mapped[date | None] = mapped_column(unique=True)
    at: Mapped[datetime]
    took_ms: Mapped[int]
    rules: Mapped[list[Any]]
    broken: Mapped[list[Any]]
    head_number: Mapped[int | None] = mapped_column(BigInteger)
    head_hash: Mapped[bytes | None]

    @property
    def holds(self) -> bool:
        return not self.broken

    @property
    def broken_codes(self) -> frozenset[str]:
        return frozenset(each["code"] for each in self.broken)
