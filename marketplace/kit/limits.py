"""How often something may be tried: counters in the database, one row per subject and window."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit import clock
from marketplace.kit.db import Base, session
from marketplace.kit.errors import TooMany

#: bits that name the line of a customer, who has all 65,536 networks of it at most (RIPE-690: a /48 to a /56)
_LINE = 48


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
    """What counts as one place to try from: an IPv4 address, or the /48 of an IPv6 one: a line is given no more.

    Proxies may write a port behind it. All addresses that cannot be read are one place.
    """
    try:
        ip = ip_address(_without_port(address.strip()))
    except ValueError:
        return ""
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((int(ip), _LINE), strict=False))


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, colon, port = address.partition(":")
    return host if colon and ":" not in port else address


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
