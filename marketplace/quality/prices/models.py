"""Tables of prices: what leads usually cost, and how much they are wanted. Both are counted anew as a whole."""

import math
from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base


class PriceBase(Base):
    """The usual price of a trade in a place and currency, from prices that were kept in the last 90 days.

    An empty `country` is the whole trade, an empty `region` the whole country. `log_price` is the natural logarithm of
    minor units, `spread` how far single prices lie from it; `count` prices were of the place, `whole` of the trade.
    """

    __tablename__ = "price_bases"
    __table_args__ = (CheckConstraint("count BETWEEN 1 AND whole", name="count"),)

    vertical: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(primary_key=True)
    log_price: Mapped[float]
    spread: Mapped[float]
    count: Mapped[int]
    whole: Mapped[int]
    counted_at: Mapped[datetime]


class PriceClass(Base):
    """What leads of one qualification are paid against the usual lead of the trade: the logarithm of the ratio.

    Drawn to 0 as the prices of a place are drawn to their trade's; `count` prices of 90 days were of the class.
    """

    __tablename__ = "price_classes"
    __table_args__ = (
        CheckConstraint("count >= 1", name="count"),
        CheckConstraint("qualification IN ('IQL', 'MQL', 'SQL')", name="qualification"),
    )

    vertical: Mapped[str] = mapped_column(primary_key=True)
    qualification: Mapped[str] = mapped_column(primary_key=True)
    log_ratio: Mapped[float]
    count: Mapped[int]
    counted_at: Mapped[datetime]

    @property
    def ratio(self) -> float:
        """What such a lead is paid for each unit that is paid for the usual one."""
        return math.exp(self.log_ratio)


class Demand(Base):
    """How much leads of a trade in a place are wanted: places of `PriceBase`.

    `bought` in the last 7 days by whomever; `buyers` are verified ones that bought in the last 30 days and have money
    in a wallet; `on_sale` leads can be bought now.
    """

    __tablename__ = "demands"
    __table_args__ = (CheckConstraint("bought >= 0 AND buyers >= 0 AND on_sale >= 0", name="counts"),)

    vertical: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(primary_key=True)
    bought: Mapped[int]
    buyers: Mapped[int]
    on_sale: Mapped[int]
    counted_at: Mapped[datetime]

    @property
    def per_lead(self) -> float:
        """How many were bought in a week for each that is on sale."""
        return self.bought / max(1, self.on_sale)
