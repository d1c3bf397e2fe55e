"""Passkeys: made after the password, and after a code where one is asked for; each signs its person in by itself.

A challenge is kept here, for five minutes, and taken once, whether the answer to it holds or not.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from marketplace import events
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound, Unauthorized
from marketplace.kit.limits import Limit, spend
from marketplace.people import ceremonies
from marketplace.people.actions import codes
from marketplace.people.actions.rows import known_by, lock_user
from marketplace.people.actions.sign_in import came_in
from marketplace.people.actions.sign_ins import sign_out_elsewhere
from marketplace.people.errors import ChallengeOver, PasskeyRefused, PasskeyTaken, TooManyPasskeys
from marketplace.people.models import Passkey, PasskeyChallenge, Proof, SignIn
from marketplace.people.queries.passkeys import standing_passkeys
from marketplace.people.who import Who

MOST = 20
PASSKEYS_BY_NETWORK = Limit("passkey:network:minute", 60, 60)
_LIFE = timedelta(minutes=5)
_BYTES = 32

#: the id of a challenge, and what the browser is asked
Asked = tuple[UUID, Mapping[str, Any]]


def throttle_passkeys(network: str) -> None:
    """Count a wish to sign in with a passkey, in a transaction of its own. Raises TooMany."""
    spend(PASSKEYS_BY_NETWORK, network)


def ask_for_passkey() -> Asked:
    """A challenge for anybody who wants to sign in. Raises NotFound: there are no passkeys here."""
    row = _challenge(None)
    return row.id, ceremonies.request(row.challenge)


def ask_for_new_passkey(who: Who, password: str, code: str) -> Asked:
    """A challenge for one's own new passkey, after the password, and a code where an app is turned on.

    Raises:
        Invalid: not the person's password. WrongCode, TooManyPasskeys, NotFound: there are no passkeys here.
    """
    user = known_by(who, password)
    if codes.app_of(user.id):
        codes.use(user, code, who)
    known = standing_passkeys(user.id)
    if len(known) >= MOST:
        raise TooManyPasskeys
    row, ids = _challenge(user.id), [each.credential_id for each in known]
    return row.id, ceremonies.creation(row.challenge, user.id, user.email, user.name, ids)


def take_challenge(challenge_id: UUID | None, who: Who | None = None) -> bytes:
    """The challenge that was given to this person, or to nobody yet; in a transaction of its own, for it is over then.

    Raises:
        ChallengeOver: too old, taken, or another's.
    """
    mine = PasskeyChallenge.user_id == who.user_id if who else PasskeyChallenge.user_id.is_(None)
    this = PasskeyChallenge.id == challenge_id, mine, PasskeyChallenge.created_at > clock.now() - _LIFE
    taken = delete(PasskeyChallenge).where(*this).returning(PasskeyChallenge.challenge)
    found = session().scalars(taken).one_or_none()
    if found is None:
        raise ChallengeOver
    return found


def end_challenges(user_id: UUID) -> None:
    """Who was about to add a passkey of this person begins once more."""
    session().execute(delete(PasskeyChallenge).where(PasskeyChallenge.user_id == user_id))


def forget_challenges() -> None:
    """Drop those that nobody has answered."""
    session().execute(delete(PasskeyChallenge).where(PasskeyChallenge.created_at <= clock.now() - _LIFE))


def add_passkey(who: Who, name: str, answer: str, challenge: bytes) -> Passkey:
    """Keep the passkey that the person's browser has made.

    Args:
        answer: the browser's, in JSON.
        challenge: what it had to answer.

    Raises:
        PasskeyRefused, PasskeyTaken,
        Unauthorized: the person's password is another one by now.
    """
    found = ceremonies.made(answer, challenge)
    user = lock_user(who.user_id)
    if user is None or user.session_epoch != who.epoch:
        raise Unauthorized
    added = session().scalars(
        insert(Passkey)
        .values(
            user_id=who.user_id,
            name=name,
            credential_id=found.credential_id,
            public_key=found.public_key,
            sign_count=found.sign_count,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[Passkey.credential_id])
        .returning(Passkey)
    )
    row = added.one_or_none()
    if row is None:
        raise PasskeyTaken
    events.record("passkey.added", row.id, by=who)
    return row


def rename_passkey(who: Who, passkey_id: UUID, name: str) -> None:
    """Call one of one's own passkeys something else. Raises NotFound."""
    row = _own(who, passkey_id)
    if row.name != name:
        row.name = name
        events.record("passkey.renamed", row.id, by=who)


def remove_passkey(who: Who, passkey_id: UUID) -> Passkey:
    """One of one's own passkeys signs nobody in any more; a second time changes nothing.

    Whoever has its device may have come in with it before: other browsers that came in with a passkey are signed out.

    Raises:
        NotFound.
    """
    lock_user(who.user_id)
    row = _own(who, passkey_id)
    if row.removed_at is None:
        row.removed_at = clock.now()
        events.record("passkey.removed", row.id, by=who)
        sign_out_elsewhere(who, SignIn.proof == Proof.PASSKEY)
    return row


def sign_in_with_passkey(answer: str, challenge: bytes, *, via: str = "page") -> Who:
    """The person whose passkey has signed the challenge. It asks for a finger, a face or a PIN: that is two factors.

    Raises:
        PasskeyRefused: alike for one that is unknown, removed or wrong. NoOrganisation.
    """
    credential_id, handle = ceremonies.named(answer)
    this = Passkey.credential_id == credential_id, Passkey.removed_at.is_(None)
    owner = session().scalar(select(Passkey.user_id).where(*this))
    user = lock_user(owner) if owner else None
    row = session().scalars(select(Passkey).where(*this).with_for_update()).one_or_none()
    if user is None or row is None or handle != user.id.bytes:
        raise PasskeyRefused
    row.sign_count = ceremonies.used(answer, challenge, row.public_key, row.sign_count)
    row.used_at = clock.now()
    return came_in(user, Proof.PASSKEY, via)


def _challenge(user_id: UUID | None) -> PasskeyChallenge:
    ceremonies.need_site()
    row = PasskeyChallenge(user_id=user_id, challenge=secrets.token_bytes(_BYTES), created_at=clock.now())
    session().add(row)
    session().flush()
    return row


def _own(who: Who, passkey_id: UUID) -> Passkey:
    mine = select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == who.user_id).with_for_update()
    row = session().scalars(mine).one_or_none()
    if row is None:
        raise NotFound
    return row
