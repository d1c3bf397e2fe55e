"""An agency's own marks on a lead (its id, campaign, sub-ID) stand in plain columns; none may name the person."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marketplace.kit.crypto import blind_index
from marketplace.kit.text import fold

_SHOWN_HEX = 24
_LEAST_DIGITS = 7
_LEAST_NAME = 3
_NAMES = ("first_name", "last_name", "full_name")
_NOT_DIGIT = re.compile(r"\D")


def reference(lead: Mapping[str, Any], field: str) -> str | None:
    """The mark as it may be kept; one that holds the person's address, number or name becomes a keyed digest of it.

    Equal marks stay equal, so that a lead that is sent twice is still recognised.
    """
    value = str(lead.get(field) or "").strip()
    if not value:
        return None
    return f"#{blind_index(field, value).hex()[:_SHOWN_HEX]}" if _names_person(lead, value) else value


def canonical_profile(url: str) -> str | None:
    """A profile link without what does not tell one person from another: scheme, `www.`, query, case, last slash."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    host, path = parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/").lower()
    return f"{host}{path}" if host and path else None


def _names_person(lead: Mapping[str, Any], value: str) -> bool:
    if "@" in value:
        return True
    own, digits = _NOT_DIGIT.sub("", str(lead.get("phone") or "")), _NOT_DIGIT.sub("", value)
    if len(own) >= _LEAST_DIGITS and own[-_LEAST_DIGITS:] in digits:
        return True
    names = {word for field in _NAMES for word in fold(str(lead.get(field) or "")).split() if len(word) >= _LEAST_NAME}
    return not names.isdisjoint(fold(value).split())
