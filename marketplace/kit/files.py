"""The shared file store: people's files, sealed piece by piece before they leave this process."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

import fsspec

from marketplace.kit import crypto
from marketplace.kit.errors import TooLarge
from marketplace.kit.i18n import gettext as _
from marketplace.kit.own import Given

_PIECE = 1 << 20
_LENGTH = 4


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Store:
    fs: fsspec.AbstractFileSystem
    root: str

    def path(self, name: str) -> str:
        return f"{self.root}/{name}"


_STORE: Given[_Store] = Given("file store")


def use_store(url: str) -> None:
    """Open the application's store, at its start. url: any fsspec address, for example `file:///var/lib/fairlead`."""
    store = _Store(*fsspec.core.url_to_fs(url))
    store.fs.makedirs(store.root, exist_ok=True)
    _STORE.set(store)


def put(name: str, source: Readable, *, most: int) -> int:
    """Store the stream under `name`, sealed; return its length in bytes.

    Raises:
        TooLarge: past `most` bytes; nothing is kept then.
    """
    store, size = _STORE.get(), 0
    path = store.path(name)
    store.fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    with store.fs.open(path, "wb") as target:
        for number, (piece, is_last) in enumerate(_pieces(source)):
            size += len(piece)
            if size > most:
                break
            sealed = crypto.seal(piece, _place(name, number, is_last=is_last))
            target.write(len(sealed).to_bytes(_LENGTH) + sealed)
    if size > most:
        remove(name)
        raise TooLarge(_("This file is larger than %(mib)d MiB. Split it and send the parts.", mib=most >> 20))
    return size


def open_plain(name: str) -> io.BufferedReader:
    """The stored file as a plain binary stream, read piece by piece; once open it needs no application's context.

    Raises:
        FileNotFoundError, crypto.Unreadable.
    """
    return io.BufferedReader(cast("io.RawIOBase", _Unsealing(name)), _PIECE)


def remove(name: str) -> None:
    """Delete the file if it is there."""
    store = _STORE.get()
    if store.fs.exists(store.path(name)):
        store.fs.rm(store.path(name))


def _place(name: str, number: int, *, is_last: bool) -> str:
    """What a piece is sealed for: one that is missing, at the end too, is noticed."""
    return f"file:{name}:{number}:{'last' if is_last else 'more'}"


def _pieces(source: Readable) -> Iterator[tuple[bytes, bool]]:
    """The pieces of the stream and whether each is the last; an empty stream is one empty piece."""
    piece = source.read(_PIECE)
    while following := source.read(_PIECE):
        yield piece, False
        piece = following
    yield piece, True


class _Unsealing(io.RawIOBase):
    def __init__(self, name: str) -> None:
        store = _STORE.get()
        self._name = name
        self._keys = crypto.keys()
        self._file = store.fs.open(store.path(name), "rb")
        self._number = 0
        self._is_over = False
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # any writable buffer will do
        if not self._left:
            self._left = self._next()
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)

    def _next(self) -> bytes:
        if self._is_over:
            return b""
        sealed = self._exactly(int.from_bytes(self._exactly(_LENGTH)))
        self._is_over = not self._file.read(1)
        if not self._is_over:
            self._file.seek(-1, io.SEEK_CUR)
        plain = self._keys.unseal(sealed, _place(self._name, self._number, is_last=self._is_over))
        self._number += 1
        return plain

    def _exactly(self, size: int) -> bytes:
        read: bytes = self._file.read(size)
        if not read or len(read) < size:
            raise crypto.Unreadable("cut off")
        return read

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
