"""VAT, formally: who is registered where, what a supply between two of them says, how much of a price is VAT.

Prices are what is paid: where VAT is charged it is a part of the price. What is left to accountants stands in
docs/documents.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import stdnum
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

from marketplace.billing.documents.models import Treatment
from marketplace.kit.money import PER_BP

#: the European Union as VAT numbers know it (Northern Ireland's XI is for goods only)
EU = frozenset(code.upper() for code in eu_vat.MEMBER_STATES) - {"XI"}
_GREECE = {"GR": "EL"}
_SHORTEST, _LONGEST = 4, 20


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on a document. `vat_id` is empty for a party that is not registered."""

    name: str
    address: str
    country: str
    vat_id: str = ""

    @property
    def is_registered(self) -> bool:
        return self.vat_id != ""

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "address": self.address, "country": self.country, "vat_id": self.vat_id}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Party":
        """From what `to_json` made."""
        return cls(**stored)


@dataclass(frozen=True, slots=True)
class Vat:
    """How VAT stands on a document; the rate in basis points, 0 unless VAT is included."""

    treatment: Treatment
    rate_bp: int = 0


NO_SUPPLY = Vat(Treatment.NONE)
_NOT_CHARGED = Vat(Treatment.NOT_CHARGED)


def vat_between(supplier: Party, customer: Party, rates: Mapping[str, int]) -> Vat:
    """What the supplier's document says about VAT.

    rates: in basis points by the customer's country; a country that is not in it is not charged.
    """
    if not supplier.is_registered:
        return _NOT_CHARGED
    abroad = supplier.country != customer.country
    if abroad and customer.is_registered and {supplier.country, customer.country} <= EU:
        return Vat(Treatment.REVERSE_CHARGE)
    rate = rates.get(customer.country, 0)
    return Vat(Treatment.INCLUDED, rate) if rate else _NOT_CHARGED


def vat_in(total: int, rate_bp: int) -> int:
    """How much of a price is VAT: total * rate / (1 + rate), rounded half up. Minor units, total >= 0."""
    whole = PER_BP + rate_bp
    return (2 * total * rate_bp + whole) // (2 * whole)


def clean_vat_id(text: str, country: str) -> str:
    """The number in its full form with the country's prefix, formally checked; that it exists is not asked anywhere.

    In the European Union, and where the country's form is known, length and check digits must be right.

    Raises:
        ValueError: it cannot be one of this country.
    """
    plain = "".join(sign for sign in text.upper() if sign.isalnum() and sign.isascii())
    if not _SHORTEST <= len(plain) <= _LONGEST:
        raise ValueError("too short or too long")
    if country in EU:
        return _clean_eu(plain, _GREECE.get(country, country))
    known = stdnum.get_cc_module(country.lower(), "vat")
    try:
        return str(known.validate(plain)) if known else plain
    except ValidationError as error:
        raise ValueError("not of this country's form") from error


def _clean_eu(plain: str, prefix: str) -> str:
    try:
        return str(eu_vat.validate(plain if plain.startswith(prefix) else prefix + plain))
    except ValidationError as error:
        raise ValueError("not of this country's form") from error
