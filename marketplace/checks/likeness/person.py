"""A person as far as duplicates go: names folded, the rest in the form in which two spellings are equal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.checks.email import canonical_email
from marketplace.kit.text import fold

_NOT_DIGIT = re.compile(r"\D+")
_NOT_WORD = re.compile(r"\W+")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Person:
    """What a lead says about who it is; an empty text is not known.

    Attributes:
        phone: E.164, or any number that belongs to one person, digits only.
        birth_date: digits only, year first.
        address: all words of the address, folded, without the postcode.
    """

    first: str = ""
    last: str = ""
    phone: str = ""
    email: str = ""
    postcode: str = ""
    birth_date: str = ""
    address: str = ""


def person_of(fields: Mapping[str, str]) -> Person:
    """From raw texts by the same names; never raises."""
    email = fields.get("email", "").strip()
    return Person(
        first=_name(fields, "first"),
        last=_name(fields, "last"),
        phone=_NOT_DIGIT.sub("", fields.get("phone", ""))[:_LONGEST],
        email=(canonical_email(email) or email.lower())[:_LONGEST],
        postcode=_NOT_WORD.sub("", fields.get("postcode", "")).upper()[:_LONGEST],
        birth_date=_NOT_DIGIT.sub("", fields.get("birth_date", ""))[:_LONGEST],
        address=fold(fields.get("address", "")[:_LONGEST]),
    )


def _name(fields: Mapping[str, str], name: str) -> str:
    return fold(fields.get(name, "")[:_LONGEST])
