"""Small files of addresses in MaxMind's format, as several makers write them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmdb_writer import MMDBWriter
from netaddr import IPSet

#: an address of each kind; no person of ours has any of them
IN_GERMANY, IN_THE_US, AT_A_HOST, NOWHERE = "84.128.0.7", "73.12.0.7", "5.9.0.7", "9.9.9.9"
COUNTRIES = {
    "84.128.0.0/10": {"country": {"iso_code": "DE", "names": {"en": "Germany"}}},
    "73.0.0.0/8": {"country": {"iso_code": "US"}},
    "5.9.0.0/16": {"country": {"iso_code": "DE"}},
    "2003::/19": {"country": {"iso_code": "DE"}},
}
NETWORKS = {
    "84.128.0.0/10": {"autonomous_system_number": 3320, "autonomous_system_organization": "Deutsche Telekom AG"},
    "5.9.0.0/16": {"autonomous_system_number": 24940, "autonomous_system_organization": "Hetzner Online GmbH"},
}


def write_addresses(path: Path, records: Mapping[str, Mapping[str, Any]]) -> str:
    """A file of these networks, put into its place at once, as the makers' own programs do."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True)
    for network, record in records.items():
        writer.insert_network(IPSet([network]), dict(record))
    fresh = path.with_suffix(".new")
    writer.to_db_file(str(fresh))
    fresh.replace(path)
    return str(path)
