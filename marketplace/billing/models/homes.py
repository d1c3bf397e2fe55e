"""Where this database lives: how it is known that it was restored."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from marketplace.kit.db import Base, Id


class Home(Base):
    """A place in which this database lives or has lived: a cluster, its timeline, and the database in it.

    When the place is another one than that of the newest row, the database was restored, copied or moved, and Stripe
    may know more than our books do. `seen_at`: when the worker found it there last. A row with `since` is a restore:
    Stripe's news from then on are read again, and until `settled_at` nothing is asked of Stripe.
    """

    __tablename__ = "homes"

    id: Mapped[Id]
    place: Mapped[str]
    since: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
