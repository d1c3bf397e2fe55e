"""Contact data at rest, and the blind index that finds the same person without knowing who it is."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from marketplace.kit.own import Given

_NONCE = 12
_KEY = 32


class BadKey(Exception):
    """`PII_KEYS` is not `id:base64-of-32-bytes`, comma separated."""


class Unreadable(Exception):
    """The blob was changed, belongs to another row, or its key is gone."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The ring: `current` seals, every one opens. The pepper keys the blind index."""

    current: str
    ring: dict[str, AESGCM]
    pepper: bytes

    def unseal(self, blob: bytes, bound_to: str) -> bytes:
        """Decrypt what `seal` made for the same place.

        Raises:
            Unreadable: changed, moved to another row, or sealed with a key that is gone.
        """
        end = 1 + (blob[0] if blob else 0)
        key = self.ring.get(blob[1:end].decode(errors="replace"))
        if key is None:
            raise Unreadable("sealed with an unknown key")
        try:
            return key.decrypt(blob[end : end + _NONCE], blob[end + _NONCE :], bound_to.encode())
        except (InvalidTag, ValueError) as error:  # a value error: too short to hold a nonce
            raise Unreadable("changed or moved") from error


_KEYS: Given[Keys] = Given("keys of contact data")


def use_keys(spec: str, pepper: str) -> None:
    """Load the application's keys, at its start. spec: `id:base64,id:base64`, the first one seals.

    Raises:
        BadKey: when the specification cannot be read.
    """
    pairs = [part.strip().partition(":") for part in spec.split(",") if part.strip()]
    try:
        raw = {key_id: base64.b64decode(text, validate=True) for key_id, _, text in pairs}
    except ValueError as error:
        raise BadKey("a key is not base64") from error
    if not raw or any(len(key) != _KEY or not key_id or len(key_id) > _KEY for key_id, key in raw.items()):
        raise BadKey("give at least one key as id:base64 of 32 bytes")
    _KEYS.set(Keys(pairs[0][0], {key_id: AESGCM(key) for key_id, key in raw.items()}, pepper.encode()))


def keys() -> Keys:
    """The application's keys: for what is opened later, when its context is over."""
    return _KEYS.get()


def seal(plain: bytes, bound_to: str) -> bytes:
    """Encrypt with the current key. `bound_to` (`table:column:row`) must be given again to open.

    Returns: length of the key id (1 byte), key id, nonce (12 bytes), AES-GCM ciphertext with its tag.
    """
    own = keys()
    key_id, nonce = own.current.encode(), os.urandom(_NONCE)
    return bytes([len(key_id)]) + key_id + nonce + own.ring[own.current].encrypt(nonce, plain, bound_to.encode())


def unseal(blob: bytes, bound_to: str) -> bytes:
    """Decrypt what `seal` made for the same place. Raises Unreadable."""
    return keys().unseal(blob, bound_to)


def blind_index(kind: str, canonical: str) -> bytes:
    """HMAC(pepper, kind, SHA-256(canonical)): equal for equal values, useless without the pepper.

    A buyer's uploaded SHA-256 goes through `blind_index_of_hash` and meets the same digest.
    """
    return blind_index_of_hash(kind, hashlib.sha256(canonical.encode()).digest())


def blind_index_of_hash(kind: str, sha256: bytes) -> bytes:
    """The blind index of a value of which only the SHA-256 is known."""
    return hmac.new(keys().pepper, kind.encode() + b"\0" + sha256, hashlib.sha256).digest()
