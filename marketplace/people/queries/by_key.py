"""Who is asking with an API key. The hot path of the API: one statement, or a part of one."""

import hashlib

from sqlalchemy import CTE, ColumnElement, and_, bindparam, or_

from marketplace.kit.direct import Read
from marketplace.people import terms
from marketplace.people.errors import UnknownKey
from marketplace.people.models import ApiKey, Membership
from marketplace.people.queries.who import PLACES, who_from
from marketplace.people.rules import Power, powers_of_key, roles_with
from marketplace.people.who import Who

#: one look-up in the unique index of the hash, then three primary keys
_BY_KEY = (
    PLACES.add_columns(ApiKey.scopes)
    .join(ApiKey, and_(ApiKey.user_id == Membership.user_id, ApiKey.org_id == Membership.org_id))
    .where(ApiKey.secret_hash == bindparam("secret_hash"), ApiKey.revoked_at.is_(None))
)
_READ = Read(_BY_KEY)


def who_of_key(secret: str) -> Who:
    """The maker of an API key, with the powers that the key has today.

    Raises:
        UnknownKey.
    """
    row = _READ.first(secret_hash=hash_of_key(secret))
    if row is None:
        raise UnknownKey
    return who_from(row, powers_of_key(row.org_kind, row.role, row.scopes), "api")


def holder() -> CTE:
    """The maker of the key whose hash is bound as `secret_hash`, for a statement that acts in the maker's name.

    At most one row, found before anything else: what is done for it is done once.
    """
    return _BY_KEY.cte("holder").prefix_with("MATERIALIZED")


def may(holder: CTE, *powers: Power) -> ColumnElement[bool]:
    """Whether the key has all of these powers today and its maker may act: the same as `who_of_key` tells, as SQL."""
    roles = (and_(holder.c.org_kind == kind, holder.c.role == role) for kind, role in roles_with(*powers))
    return and_(
        or_(*roles),
        holder.c.scopes.contains([power.value for power in powers]),
        holder.c.email_confirmed_at.is_not(None),
        holder.c.accepted == len(terms.current()),
    )


def hash_of_key(secret: str) -> bytes:
    """What is kept of an API key; its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()
