"""Letters to a person about a change of how they sign in. No code and no key stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from marketplace import events
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.notices.actions import write
from marketplace.people import queries

APP, PASSKEYS = "/account/second-factor", "/account#passkeys"


@dataclass(frozen=True, slots=True)
class _News:
    title: LazyText
    words: LazyText


#: by event; what it is about is the person
NEWS: Mapping[str, _News] = {
    "second_factor.turned_on": _News(
        _l("Signing in asks for a code now"),
        _l("An authenticator app was set up for your account. After your password you type a code that it shows."),
    ),
    "second_factor.turned_off": _News(
        _l("Signing in asks for no code any more"),
        _l("The authenticator app of your account was turned off. Your password alone signs you in."),
    ),
    "recovery_codes.made": _News(
        _l("New recovery codes were made"),
        _l("Ten new recovery codes were made for your account. All of before have ended."),
    ),
    "recovery_code.used": _News(
        _l("A recovery code was used"),
        _l("A recovery code of your account was used in place of a code from your app. It does not work again."),
    ),
}
#: by event; what it is about is the passkey
PASSKEY_NEWS: Mapping[str, _News] = {
    "passkey.added": _News(
        _l("A passkey was added"),
        _l(
            "A passkey was added to your account. Whoever has its device, and can unlock it, signs in as you, whatever "
            "the password is."
        ),
    ),
    "passkey.removed": _News(
        _l("A passkey was removed"),
        _l("A passkey of your account was removed. It signs nobody in any more."),
    ),
}
_BY_STAFF = _l(
    "Our staff turned the authenticator app of your account off, because somebody asked for it who had lost it. Your "
    "password alone signs you in. Set up an app again soon."
)


def tell(event: str, user_id: UUID) -> None:
    """To the person, whoever did it: what is another way now, and what to do if it was somebody else."""
    (happened,) = events.latest(user_id, 1, event)
    news, is_by_staff = NEWS[event], happened.actor_id != user_id
    write(
        "sign_in_changed",
        queries.addressee(user_id),
        happened.id,
        title=news.title,
        words=_BY_STAFF if is_by_staff else news.words,
        at=happened.at,
        left=happened.data.get("left"),
        passkey="",
        path=APP,
    )


def tell_of_passkey(event: str, passkey_id: UUID) -> None:
    """The same about a passkey, which is named."""
    (happened,), passkey = events.latest(passkey_id, 1, event), queries.passkey(passkey_id)
    news, to = PASSKEY_NEWS[event], queries.addressee(passkey.user_id)
    known = {"at": happened.at, "left": None, "passkey": passkey.name, "path": PASSKEYS}
    write("sign_in_changed", to, happened.id, title=news.title, words=news.words, **known)
