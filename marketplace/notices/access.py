"""Letters about what opens without a password: API keys, and addresses for outcomes. No secret stands in them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from marketplace import events
from marketplace.events.models import Event
from marketplace.kit.db import session
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.notices.actions import write
from marketplace.notices.sign_ins import PASSKEYS
from marketplace.orders.outcomes import hooks
from marketplace.people import Power, queries
from marketplace.people.models import ApiKey
from marketplace.people.wording import POWERS

Facts = Sequence[tuple[LazyText, str | datetime]]

KEYS, HOOK = "/keys", "/orders/outcomes/hook"
_KEY_MADE = _l("An API key was made")
_HOOK_MADE = _l("An address for outcomes was made")


def key_made(key_id: UUID) -> None:
    """To the maker of a key and the owners of the organisation; not of one that the operator made by command."""
    made = events.latest(key_id, 1, "api_key.created")[0]
    if made.via == "command":
        return
    key = session().get_one(ApiKey, key_id)
    scopes = ", ".join(str(POWERS[scope]) for scope in key.scopes)
    _tell(made, key.org_id, _KEY_MADE, [(_l("Name"), key.name), (_l("It may"), scopes)], KEYS)


def hook_made(org_id: UUID) -> None:
    """To whoever made the address to which a CRM delivers outcomes, and to the owners."""
    _tell(events.latest(org_id, 1, "outcome_hook.made")[0], org_id, _HOOK_MADE, [], HOOK)


def password_changed(user_id: UUID) -> None:
    """To somebody whose password is another one now, whoever did it: with what still opens without it."""
    changed = events.latest(user_id, 1, "user.password_changed")[0]
    standing = {
        "keys": queries.standing_keys(user_id),
        "hooks": hooks.made_by(user_id),
        "passkeys": [passkey.name for passkey in queries.standing_passkeys(user_id)],
    }
    paths = {"keys_path": KEYS, "hook_path": HOOK, "passkeys_path": PASSKEYS}
    write("password_changed", queries.addressee(user_id), changed.id, **standing, **paths)


def _tell(made: Event, org_id: UUID, title: LazyText, more: Facts, path: str) -> None:
    maker = queries.addressee(made.actor_id) if made.actor_id else None
    facts = [
        (_l("Made by"), maker.name if maker else ""),
        (_l("Organisation"), queries.card(org_id).name),
        *more,
        (_l("When"), made.at),
    ]
    owners = queries.addressees(org_id, Power.TEAM_WRITE)
    for to in dict.fromkeys([*([maker] if maker else []), *owners]):
        write("access_made", to, made.id, title=title, facts=facts, path=path)
