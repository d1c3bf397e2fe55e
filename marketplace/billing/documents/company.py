"""Who issues the documents: our own name, address and VAT number, and the rates that we charge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from marketplace.billing.documents.vat import Party, clean_vat_id
from marketplace.kit.own import Given
from marketplace.kit.schemas import TERRITORIES

_MOST_PERCENT = 50


class BadCompany(Exception):
    """The settings of our own company cannot be read: it says which and how they are written."""


@dataclass(frozen=True, slots=True)
class Company:
    """Ourselves on documents. rates: VAT in basis points by the customer's country; empty: we charge none."""

    party: Party
    rates: Mapping[str, int] = field(default_factory=dict)


_US: Given[Company] = Given("company")


def issue_as(company: Company) -> None:
    """Say, at the application's start, who we are."""
    _US.set(company)


def company() -> Company:
    """Who we are."""
    return _US.get()


def read_company(*, name: str, address: str, country: str, vat_id: str, rates: str) -> Company:
    """Our company from the texts of the settings. rates: `PL=23, DE=19`.

    Raises:
        BadCompany.
    """
    if country and country not in TERRITORIES:
        raise BadCompany("COMPANY_COUNTRY is two capital letters, like PL")
    try:
        number = clean_vat_id(vat_id, country) if vat_id else ""
    except ValueError as error:
        raise BadCompany("COMPANY_VAT_ID is not a VAT number of COMPANY_COUNTRY") from error
    return Company(Party(name or "Fairlead", address, country, number), read_rates(rates))


def read_rates(text: str) -> dict[str, int]:
    """`PL=23, DE=19.5` as basis points by country. Raises BadCompany."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    return {_country(code.strip()): _basis_points(percent.strip()) for code, _sign, percent in pairs}


def _country(code: str) -> str:
    if code not in TERRITORIES:
        raise BadCompany(f"VAT_RATES: {code!r} is no country; write it like PL=23, DE=19")
    return code


def _basis_points(percent: str) -> int:
    try:
        points = Decimal(percent) * 100
        is_rate = 0 < points <= _MOST_PERCENT * 100 and points == points.to_integral_value()
    except InvalidOperation:
        is_rate = False
    if not is_rate:
        raise BadCompany(f"VAT_RATES: {percent!r} is no rate; write it like PL=23, DE=19")
    return int(points)
