"""API keys: shown once, kept as a hash, never stronger than their maker."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from marketplace import events
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Invalid, NotFound
from marketplace.kit.i18n import gettext as _
from marketplace.kit.limits import Limit, spend
from marketplace.people.actions.rows import lock_user
from marketplace.people.errors import EmailNotConfirmed, TooManyKeys
from marketplace.people.models import ApiKey
from marketplace.people.queries.by_key import hash_of_key
from marketplace.people.rules import Power
from marketplace.people.who import Who

PREFIX = "flk_"
_BYTES = 32
_SHOWN = 10

#: API keys and addresses for outcomes
ACCESS_BY_PERSON = Limit("access:person:hour", 10, 3600)
#: of one person in one organisation; a letter names all of them
MOST_KEYS = 20


def throttle_access(who: Who) -> None:
    """Count a try of anything that opens without a password, in a transaction of its own: each writes letters.

    Raises:
        TooMany.
    """
    spend(ACCESS_BY_PERSON, str(who.user_id))


def create_api_key(who: Who, name: str, scopes: Sequence[str]) -> tuple[ApiKey, str]:
    """A key of the organisation and its secret, `flk_...`, which cannot be read again.

    Raises:
        Forbidden, EmailNotConfirmed, TooManyKeys, Invalid: a scope that the maker does not have.
    """
    who.need(Power.KEYS_WRITE)
    if not who.is_confirmed:
        raise EmailNotConfirmed
    _only_own(who, scopes)
    _not_too_many(who)
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    key = ApiKey(
        org_id=who.org_id,
        user_id=who.user_id,
        name=name,
        hint=secret[:_SHOWN],
        secret_hash=hash_of_key(secret),
        scopes=sorted(set(scopes)),
        created_at=clock.now(),
    )
    session().add(key)
    session().flush()
    events.record("api_key.created", key.id, by=who, orgs=[who.org_id], scopes=key.scopes)
    return key, secret


def revoke_api_key(who: Who, key_id: UUID) -> ApiKey:
    """End a key of the organisation at once; a second time changes nothing.

    Raises:
        Forbidden, NotFound.
    """
    who.need(Power.KEYS_WRITE)
    mine = select(ApiKey).where(ApiKey.id == key_id, ApiKey.org_id == who.org_id).with_for_update()
    key = session().scalars(mine).one_or_none()
    if key is None:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        events.record("api_key.revoked", key.id, by=who, orgs=[who.org_id])
    return key


def _not_too_many(who: Who) -> None:
    lock_user(who.user_id)
    standing = ApiKey.org_id == who.org_id, ApiKey.user_id == who.user_id, ApiKey.revoked_at.is_(None)
    if session().scalars(select(func.count()).where(*standing)).one() >= MOST_KEYS:
        raise TooManyKeys(_("You have %(most)s keys here. Revoke one before you make another.", most=MOST_KEYS))


def _only_own(who: Who, scopes: Sequence[str]) -> None:
    strange = sorted(set(scopes) - {power.value for power in who.powers})
    if strange or not scopes:
        reason = _("Your role does not give these: %(scopes)s.", scopes=", ".join(strange))
        raise Invalid(fields={"scopes": reason if strange else _("Choose at least one scope.")})
