"""Reading hooks: by its own organisation, and by the secret in its address."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.orders.outcomes.hooks.errors import HookUnknown
from marketplace.orders.outcomes.hooks.models import OutcomeHook
from marketplace.people import Organisation, Power, Who
from marketplace.people.queries import who_of_member


def hook_for(who: Who) -> OutcomeHook | None:
    """The hook of the buyer, revoked or not. Raises Forbidden."""
    who.need(Power.ORDERS_WRITE)
    return session().get(OutcomeHook, who.org_id, populate_existing=True)


def hook_of(secret: str) -> OutcomeHook:
    """Whose address this is, locked: deliveries of one buyer are taken one after the other. Raises HookUnknown."""
    mine = select(OutcomeHook).where(OutcomeHook.token == digest_of(secret)).with_for_update()
    row = session().scalar(mine.execution_options(populate_existing=True))
    if row is None:
        raise HookUnknown
    return row


def org_of(secret: str) -> UUID:
    """Whose address this is. Raises HookUnknown."""
    found = session().scalar(select(OutcomeHook.org_id).where(OutcomeHook.token == digest_of(secret)))
    if found is None:
        raise HookUnknown
    return found


def maker_of(hook: OutcomeHook) -> Who | None:
    """In whose name its deliveries are accepted; None when its maker has left or may no longer report."""
    maker = who_of_member(hook.user_id, hook.org_id, "hook")
    return maker if maker and maker.can(Power.ORDERS_WRITE) else None


def made_by(user_id: UUID) -> Sequence[str]:
    """The organisations whose deliveries are taken in a person's name, by name."""
    mine = select(OutcomeHook, Organisation.name).join(Organisation, OutcomeHook.org_id == Organisation.id)
    rows = session().execute(mine.where(OutcomeHook.user_id == user_id, OutcomeHook.token.is_not(None)))
    return [name for hook, name in rows if maker_of(hook)]


def digest_of(secret: str) -> bytes:
    """What is kept of a secret; its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()
