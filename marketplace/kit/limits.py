"""How often something may be tried: counters in the database, one row per subject and window."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit import clock
from marketplace.kit.db import Base, session
from marketplace.kit.errors import TooMany


class Tries(Base):
    """How many tries a subject made in a window. The subject is hashed: it may be an address."""

    __tablename__ = "tries"

    subject: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries in each window of `seconds`."""

    name: str
    most: int
    seconds: int


def network_of(address: str) -> str:
    """What counts as one place to try from: an IPv4 address, or the /64 of an IPv6 one, which any customer line has."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ip) if ip.version == 4 else str(IPv6Network((int(ip), 64), strict=False))  # noqa: PLR2004


def spend(limit: Limit, subject: str) -> None:
    """Count one try of `subject`; call it in a transaction of its own, so that a refused act still counts.

    Raises:
        TooMany: with the seconds until the window ends.
    """
    now = clock.now()
    start = datetime.fromtimestamp(int(now.timestamp()) // limit.seconds * limit.seconds, tz=now.tzinfo)
    key = f"{limit.name}:{hashlib.sha256(subject.strip().lower().encode()).hexdigest()}"
    counted = session().execute(
        insert(Tries)
        .values(subject=key, window_start=start, count=1)
        .on_conflict_do_update(index_elements=["subject", "window_start"], set_={"count": Tries.count + 1})
        .returning(Tries.count)
    )
    if counted.scalar_one() > limit.most:
        left = start + timedelta(seconds=limit.seconds) - now
        raise TooMany(retry_after=max(1, int(left.total_seconds())))


def forget_old(older_than: timedelta = timedelta(days=2)) -> None:
    """Drop counters of windows long past."""
    session().execute(delete(Tries).where(Tries.window_start < clock.now() - older_than))
