"""That a lead is much like an earlier one of its agency, in words for its own agency and staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.checks.duplicate import ALIKE, VERY_ALIKE
from marketplace.kit.i18n import lazy_gettext as _l

_WORDS = {
    "name": _l("name"),
    "email": _l("e-mail"),
    "phone": _l("phone"),
    "postcode": _l("postal code"),
    "birth_date": _l("birth date"),
    "address": _l("address"),
}


@dataclass(frozen=True, slots=True)
class Alike:
    """The earlier lead, how likely both are one person in percent, and which parts of the two are (nearly) the same."""

    lead_id: str
    percent: int
    parts: str


def alike_of(checks: Mapping[str, Any]) -> Alike | None:
    """What a lead keeps of its intake says so; None where it is like no other."""
    evidence = (each["evidence"] for each in checks.get("findings", []) if each["check"] == "duplicate")
    found = next((each for each in evidence if each.get("rule") in (ALIKE, VERY_ALIKE)), None)
    if found is None:
        return None
    parts = [str(_WORDS[part]) for part in found["parts"].split(", ") if part in _WORDS]
    return Alike(found["like"], int(found["percent"]), ", ".join(parts))
