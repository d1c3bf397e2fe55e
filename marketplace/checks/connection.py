"""Where did the form come from? The connection's country against the one stated, and whether a data centre sent it.

People travel and browse through servers elsewhere: a sign, never a proof. The address itself is in no result.
"""

from pathlib import Path
from typing import Protocol

from marketplace.checks.result import Outcome, Result, passed, unknown
from marketplace.checks.territories import is_one_state
from marketplace.kit.ip_places import Place

#: our own list of networks that are data centres'
DATA_CENTRES = Path(__file__).with_name("data_centres.txt")
COUNTRY, NETWORK = "ip_country", "ip_network"


class Places(Protocol):
    """Knows addresses, where the operator has given files of them."""

    def place_of(self, ip: str) -> Place:
        """What is known of this address."""


def check_connection(place: Place, stated: str) -> list[Result]:
    """Both results. stated: the country by its code, upper case, "" when it was not told."""
    return [_country(place.country, stated), _network(place)]


def _country(found: str | None, stated: str) -> Result:
    if not found or not stated:
        return unknown(COUNTRY, rule="not_stated" if found else "not_listed")
    if is_one_state(found, stated):
        return passed(COUNTRY, method="list", country=found)
    return Result(COUNTRY, Outcome.FAILED, None, {"rule": "other_country", "country": found}, "list")


def _network(place: Place) -> Result:
    if place.is_data_centre is None:
        return unknown(NETWORK, rule="not_listed")
    if not place.is_data_centre:
        return passed(NETWORK, method="list")
    evidence = {"rule": "data_centre", **({"host": place.host} if place.host else {})}
    return Result(NETWORK, Outcome.FAILED, None, evidence, "list")
