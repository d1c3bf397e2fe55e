"""The shared file store: people's files, sealed piece by piece before they leave this process."""

import io
from collections.abc import Iterator
from typing import Protocol, cast

import fsspec

from marketplace.kit import crypto
from marketplace.kit.errors import TooLarge
from marketplace.kit.i18n import gettext as _

_PIECE = 1 << 20
_LENGTH = 4


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Store:
    fs: fsspec.AbstractFileSystem
    root: str


def use_store(url: str) -> None:
    """Open the store once, at start. url: any fsspec address, for example `file:///var/lib/fairlead`."""
    _Store.fs, _Store.root = fsspec.core.url_to_fs(url)
    _Store.fs.makedirs(_Store.root, exist_ok=True)


def put(name: str, source: Readable, *, most: int) -> int:
    """Store the stream under `name`, sealed; return its length in bytes.

    Raises:
        TooLarge: past `most` bytes; nothing is kept then.
    """
    path, size = _path(name), 0
    _Store.fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    with _Store.fs.open(path, "wb") as target:
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
    """The stored file as a plain binary stream, read piece by piece.

    Raises:
        FileNotFoundError, crypto.Unreadable.
    """
    return io.BufferedReader(cast("io.RawIOBase", _Unsealing(name)), _PIECE)


def remove(name: str) -> None:
    """Delete the file if it is there."""
    if _Store.fs.exists(_path(name)):
        _Store.fs.rm(_path(name))


def _path(name: str) -> str:
    return f"{_Store.root}/{name}"


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
        self._name = name
        self._file = _Store.fs.open(_path(name), "rb")
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
        plain = crypto.unseal(sealed, _place(self._name, self._number, is_last=self._is_over))
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
