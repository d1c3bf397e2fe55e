"""Which country an address is in, and whether its network is a data centre's: by files that the operator names.

Country and network files of MaxMind, DB-IP, IPinfo and IPLocate are read, free ones and others. Without a file nobody
knows, and nobody is asked: no address leaves this machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

from marketplace.kit.ip_file import BrokenFile, IpFile, Record
from marketplace.kit.own import Given


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of one address.

    Attributes:
        country: two letters, None where not known.
        is_data_centre: None where not known.
        host: whose data centre, by the list; "" where it does not name it.
    """

    country: str | None = None
    is_data_centre: bool | None = None
    host: str = ""


UNKNOWN = Place()


@dataclass(frozen=True, slots=True)
class IpPlaces:
    """The files that were named, and the list of data centres by network number."""

    countries: IpFile | None = None
    networks: IpFile | None = None
    data_centres: Mapping[int, str] | None = None

    def place_of(self, raw: str) -> Place:
        """Look an address up; what is none, or none of the public internet, is in no place."""
        ip = _public(raw)
        if ip is None:
            return UNKNOWN
        country = country_in(self.countries.get(ip)) if self.countries else None
        return Place(country, *self._network(self.networks.get(ip) if self.networks else {}))

    def _network(self, record: Record) -> tuple[bool | None, str]:
        number, flag = number_in(record), hosting_in(record)
        host = (self.data_centres or {}).get(number or 0, "")
        if host or flag is not None:
            return bool(host) or flag, host
        return (None if number is None else False), ""


_PLACES: Given[IpPlaces] = Given("places of addresses")


def use_places(country_file: str, network_file: str, data_centres: Path) -> None:
    """Open the application's files, at its start; an empty name is none.

    Raises:
        BrokenFile: one of them cannot be used.
    """
    found = IpPlaces(
        IpFile("IP_COUNTRY_FILE", Path(country_file), _tells_country) if country_file else None,
        IpFile("IP_NETWORK_FILE", Path(network_file), _tells_network) if network_file else None,
        read_data_centres(data_centres),
    )
    _PLACES.set(found)


def places() -> IpPlaces | None:
    """The files as they are now, for a handful of look-ups; None when none was named."""
    found = _PLACES.get()
    for file in (found.countries, found.networks):
        if file:
            file.renew()
    return found if found.countries or found.networks else None


def read_data_centres(path: Path) -> dict[int, str]:
    """Network numbers with names, one a line, `#` begins a remark. Raises BrokenFile: it cannot be read."""
    try:
        lines = [line.partition("#")[0].split(None, 1) for line in path.read_text("utf-8").splitlines()]
        return {int(words[0].upper().removeprefix("AS")): words[-1].strip() for words in lines if words}
    except (OSError, ValueError) as error:
        raise BrokenFile(f"DATA_CENTRES_FILE: {path} is no list of network numbers and names.") from error


def country_in(record: Record) -> str | None:
    """The country's two letters, as the formats of several makers give it."""
    nested = record.get("country")
    code = nested.get("iso_code") if isinstance(nested, dict) else record.get("country_code") or nested
    return code.upper() if isinstance(code, str) and len(code) == 2 and code.isalpha() else None  # noqa: PLR2004


def number_in(record: Record) -> int | None:
    """The number of the network: 24940, "AS24940", or under the traits of a larger record."""
    found = _field(record, "autonomous_system_number")
    raw = str(record.get("asn") if found is None else found).upper().removeprefix("AS")
    return int(raw) if raw.isdecimal() else None


def hosting_in(record: Record) -> bool | None:
    """Whether the file itself says that it is a host of servers."""
    for name in ("is_hosting_provider", "is_hosting", "hosting"):
        found = _field(record, name)
        if isinstance(found, bool):
            return found
    use = _field(record, "user_type")
    return use == "hosting" if isinstance(use, str) else None


def _field(record: Record, name: str) -> Any:
    traits = record.get("traits")
    return record.get(name, traits.get(name) if isinstance(traits, dict) else None)


def _tells_country(record: Record) -> bool:
    return country_in(record) is not None


def _tells_network(record: Record) -> bool:
    return number_in(record) is not None or hosting_in(record) is not None


def _public(raw: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(raw.strip())
    except ValueError:
        return None
    plain = (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
    return plain if plain.is_global else None
