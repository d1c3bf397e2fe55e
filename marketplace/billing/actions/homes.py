"""Whether the database is at home: after a restore nothing is asked of Stripe until its news were read again."""

from datetime import datetime, timedelta

from sqlalchemy import select, text

from marketplace.billing.errors import BooksRestored
from marketplace.billing.models import Home
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.ids import new_id

#: read from somewhat earlier than when we were last at home
_OVERLAP = timedelta(hours=1)

#: A dump that is read in elsewhere has another cluster or another database; a backup of the cluster's files that is
#: brought up to some moment, and a standby that takes over, have another timeline.
_PLACE = text(
    "SELECT concat_ws('/', c.system_identifier, left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), d.oid)"
    " FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()"
)


def is_settled() -> bool:
    """Whether the books know all that Stripe does, as far as a restore goes. The first place is taken as it is."""
    home = newest()
    if home is None:
        _enter(_place(), settled_at=clock.now())
        return True
    return _is_known(home)


def is_restored() -> bool:
    """Whether money rests because of a restore; only looks."""
    home = newest()
    return home is not None and not _is_known(home)


def stay() -> None:
    """Note that the database is at home now: what a backup of it remembers as the moment up to which it knows all."""
    if is_settled() and (home := newest()):
        home.seen_at = clock.now()


def refuse_unsettled() -> None:
    """Raises BooksRestored."""
    if not is_settled():
        raise BooksRestored


def is_doubtful(asked_at: datetime) -> bool:
    """Whether a call was asked for before the last restore: it may have been made in the time that was lost."""
    home = newest()
    return home is not None and home.since is not None and asked_at <= home.opened_at


def newest() -> Home | None:
    """The place that was entered last."""
    return session().scalars(select(Home).order_by(Home.id.desc()).limit(1)).first()


def open_restore(since: datetime | None) -> Home:
    """The database was restored. A restore in this place that has not been settled goes on.

    Args:
        since: read Stripe's news from here on; without it from an hour before the backup was last seen at home.
    """
    home, place = newest(), _place()
    if home and home.place == place and home.settled_at is None:
        home.since = since or home.since
        return home
    return _enter(place, since=since or _knew_all_at(home) - _OVERLAP)


def settle_restore() -> Home | None:
    """Stripe may be asked again for what it is to do."""
    home = newest()
    if home and home.settled_at is None:
        home.settled_at = clock.now()
        record("books.restored", home.id, by=SYSTEM, since=home.since.isoformat() if home.since else None)
    return home


def _knew_all_at(home: Home | None) -> datetime:
    if home is None:
        return clock.now()
    return home.seen_at if home.settled_at or home.since is None else home.since


def _is_known(home: Home) -> bool:
    return home.place == _place() and home.settled_at is not None


def _place() -> str:
    return str(session().execute(_PLACE).scalar_one())


def _enter(place: str, *, since: datetime | None = None, settled_at: datetime | None = None) -> Home:
    now = clock.now()
    home = Home(id=new_id(), place=place, since=since, opened_at=now, seen_at=now, settled_at=settled_at)
    session().add(home)
    session().flush()
    return home
