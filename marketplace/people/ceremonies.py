"""Passkeys as browsers make and use them (WebAuthn): what they are asked for, and whether an answer holds.

The only module that knows the library. What comes from a browser may be anything: whatever reading it raises is a no.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import structlog
import webauthn
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from marketplace.kit.errors import NotFound
from marketplace.kit.logs import told_without_words
from marketplace.kit.own import Given
from marketplace.people.errors import PasskeyRefused
from marketplace.people.totp import ISSUER

log = structlog.get_logger()

T = TypeVar("T")
#: how long a browser lets its person look for the finger or the key
_PATIENCE_MS = 300_000
#: bytes of a passkey's id, as the standard has it
_LONGEST_ID = 1023
_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Site:
    """For what passkeys are made: the domain, and the one origin whose pages may ask for them."""

    domain: str
    origin: str


@dataclass(frozen=True, slots=True)
class Made:
    """What is kept of a new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


_SITE: Given[Site | None] = Given("site of passkeys")


def use_site(origin: str) -> None:
    """Say, at the application's start, for which origin passkeys are; an empty text where there can be none."""
    _SITE.set(Site(urlsplit(origin).hostname or "", origin) if origin else None)


def site() -> Site | None:
    """For what passkeys are here; None where there can be none."""
    return _SITE.get()


def need_site() -> Site:
    """The same where there must be some. Raises NotFound."""
    found = site()
    if found is None:
        raise NotFound
    return found


def creation(challenge: bytes, user_id: UUID, email: str, name: str, known: Sequence[bytes]) -> dict[str, Any]:
    """What a browser is asked to make: a passkey that it finds by itself and uses only for its verified person.

    Args:
        known: ids of the person's own passkeys; a device makes no second one.
    """
    options = webauthn.generate_registration_options(
        rp_id=need_site().domain,
        rp_name=ISSUER,
        user_id=user_id.bytes,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=_PATIENCE_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return options_to_json_dict(options)


def request(challenge: bytes) -> dict[str, Any]:
    """What a browser is asked to sign, with any passkey that it has for us."""
    options = webauthn.generate_authentication_options(
        rp_id=need_site().domain, challenge=challenge, timeout=_PATIENCE_MS, user_verification=_VERIFIED
    )
    return options_to_json_dict(options)


def made(answer: str, challenge: bytes) -> Made:
    """The passkey that a browser has made for this challenge. Raises PasskeyRefused."""
    here = need_site()
    found = _read(
        lambda: webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=here.domain,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    )
    if len(found.credential_id) > _LONGEST_ID:
        raise PasskeyRefused
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def named(answer: str) -> tuple[bytes, bytes]:
    """The id of the passkey that an answer claims to be signed with, and of whom the device says that it is.

    Raises PasskeyRefused.
    """

    def read() -> tuple[bytes, bytes]:
        told = json.loads(answer)
        return base64url_to_bytes(told["rawId"]), base64url_to_bytes(told["response"]["userHandle"])

    return _read(read)


def used(answer: str, challenge: bytes, public_key: bytes, sign_count: int) -> int:
    """That the passkey with this key has signed the challenge, by its verified person: -> its new count of signatures.

    Raises:
        PasskeyRefused: also when its count has not grown, as that of a copy.
    """
    here = need_site()
    found = _read(
        lambda: webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=here.domain,
            expected_origin=here.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    )
    return found.new_sign_count


def _read(look: Callable[[], T]) -> T:
    try:
        return look()
    except Exception as error:
        log.info("passkey.refused", **told_without_words(error))
        raise PasskeyRefused from error
