"""Taking a file in: sealed into the store piece by piece, its fingerprint taken on the way. No transaction is open."""

import hashlib
from dataclasses import dataclass

from marketplace.kit import files
from marketplace.kit.files import Readable
from marketplace.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store. `fingerprint` is the SHA-256 of its plain content, as hex."""

    stored_as: str
    size: int
    fingerprint: str


class _Fingerprinting:
    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        piece = self._stream.read(size)
        self.digest.update(piece)
        return piece


def store(stream: Readable, *, most: int, name: str = "") -> Stored:
    """Store an uploaded file of at most `most` bytes, under a name of its own if none is given. Raises TooLarge."""
    source, name = _Fingerprinting(stream), name or f"imports/{new_id()}"
    size = files.put(name, source, most=most)
    return Stored(name, size, source.digest.hexdigest())
