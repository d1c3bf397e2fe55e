"""One file of addresses in MaxMind's format (mmdb): opened once, and again when a newer one lies there."""

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from itertools import islice
from pathlib import Path
from typing import Any

import maxminddb
import structlog

log = structlog.get_logger()

Record = Mapping[str, Any]
_Stamp = tuple[int, int, int]
#: so many of a file's records are looked at before it is believed
_LOOKED_AT = 1_000
_NOTHING: Record = {}


class BrokenFile(Exception):
    """A file that a setting names cannot be used."""


class IpFile:
    """The records of one file, by address.

    Args:
        setting: the variable that names it, for the sentence when it cannot be used.
        fits: whether a record holds what is wanted of this file; at least one of the first must.

    Raises:
        BrokenFile: there is no such file, it is of another format, or holds something else.
    """

    def __init__(self, setting: str, path: Path, fits: Callable[[Record], bool]) -> None:
        self._setting, self._path, self._fits = setting, path, fits
        self._reader, self._stamp = self._opened()

    def renew(self) -> None:
        """Open it again if it was replaced. One that cannot be used is said in the log, and the one before stays."""
        stamp = self._stamp_now()
        if stamp is None or stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._reader, self._stamp = self._opened()
        except BrokenFile as why:
            log.warning("ip_file.broken", why=str(why))

    def get(self, ip: IPv4Address | IPv6Address) -> Record:
        """What the file says of an address; empty when it says nothing."""
        try:
            found = self._reader.get(ip)
        except (ValueError, maxminddb.InvalidDatabaseError):  # an IPv6 address in a file of IPv4, or a damaged part
            return _NOTHING
        return found if isinstance(found, dict) else _NOTHING

    def _opened(self) -> tuple[maxminddb.Reader, _Stamp]:
        stamp = self._stamp_now()
        if stamp is None:
            raise BrokenFile(f"{self._setting}: there is no file at {self._path}.")
        try:
            reader = maxminddb.open_database(self._path)
            some = [record for _network, record in islice(reader, _LOOKED_AT)]
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            raise BrokenFile(f"{self._setting}: {self._path} is no readable MaxMind database (.mmdb).") from error
        if not any(isinstance(record, dict) and self._fits(record) for record in some):
            raise BrokenFile(f"{self._setting}: {self._path} does not hold what this setting is for.")
        return reader, stamp

    def _stamp_now(self) -> _Stamp | None:
        """Changes when the file does; None when there is none."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns
