"""The table of counts of the exchange."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id


class ExchangeCount(Base):
    """All public figures of one moment. Rows never change.

    Attributes:
        at: the moment of which they speak.
        took_ms: how long counting took.
        figures: as `GET /quality` tells them; shares are 0..1 with their 80 % interval and their count.
    """

    __tablename__ = "exchange_counts"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    took_ms: Mapped[int]
    figures: Mapped[dict[str, Any]]
