"""Does the phone come from where the person says to live? People move and keep their number: a sign, never a proof."""

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from marketplace.checks.area_codes import STATES, state_of
from marketplace.checks.phone import PhoneReading
from marketplace.checks.result import Outcome, Result
from marketplace.checks.territories import is_one_state

CHECK = "phone_place"
_NANP = 1


def check_phone_place(number: PhoneReading, country: str, region: str, *, by_ip: bool = False) -> Result | None:
    """A failed result when the number is of another country, or of another state of the US; else None.

    country, region: as stated, "" when they were not. Nothing is said where either side is not known.
    by_ip: the country is that of the connection, because none was stated; its state is too uncertain to be compared.
    """
    if not number.valid or not number.region or not country:
        return None
    if number.calling_code == _NANP and country == "US" and not by_ip:
        return _other_state(number, region.strip().upper())
    if is_one_state(number.region, country) or _shares_code(number, country):
        return None
    return Result(CHECK, Outcome.FAILED, None, {"rule": "other_country", "region": number.region}, "numbering_plan")


def _other_state(number: PhoneReading, region: str) -> Result | None:
    state = state_of(number.national)
    if state is None or region not in STATES or region == state:
        return None
    return Result(CHECK, Outcome.FAILED, None, {"rule": "other_state", "region": state}, "numbering_plan")


def _shares_code(number: PhoneReading, country: str) -> bool:
    """Countries of one calling code, such as the UK and Jersey, are told apart too badly to say anything."""
    return country in COUNTRY_CODE_TO_REGION_CODE.get(number.calling_code, ())
