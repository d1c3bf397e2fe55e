"""Two people side by side: how alike each part is, and whether it can be compared at all."""

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler, Levenshtein

from marketplace.checks.likeness.person import Person

#: what `features` gives, in this order; a part that either side lacks has likeness 0 and its flag set
FEATURES = (
    "first", "first_same", "first_missing",
    "last", "last_same", "last_missing", "swapped",
    "email", "email_same", "email_missing",
    "phone_same", "phone_near", "phone_missing",
    "postcode_same", "postcode_near", "postcode_missing",
    "birth_date_same", "birth_date_near", "birth_year_same", "birth_date_missing",
    "address", "address_same", "address_missing",
)  # fmt: skip
#: what two people may have in common
PARTS = ("name", "email", "phone", "postcode", "birth_date", "address")
_ALIKE_FROM = 0.5  # any two names or addresses are that much alike by chance
_OTHER_NAME = 0.75
_SAME_ADDRESS = 0.9
_YEAR = 4
_AGREES = 0.9


def features(one: Person, other: Person) -> tuple[float, ...]:
    """The likeness of two people, part by part; the order of the two is no matter."""
    straight = _names(one.first, other.first), _names(one.last, other.last)
    crossed = _names(one.first, other.last), _names(one.last, other.first)
    swapped = sum(crossed) > sum(straight) and bool(one.first and one.last and other.first and other.last)
    first, last = crossed if swapped else straight
    if swapped and last > first:
        first, last = last, first  # which of the two stands first must not depend on the order of the people
    return (
        *_named(first, one.first, other.first),
        *_named(last, one.last, other.last),
        float(swapped),
        *_emails(one.email, other.email),
        *_numbers(one.phone, other.phone),
        *_numbers(one.postcode, other.postcode),
        *_dates(one.birth_date, other.birth_date),
        *_addresses(one.address, other.address),
    )


def agreeing(one: Person, other: Person) -> tuple[str, ...]:
    """Which parts of two people are the same, or nearly: `name email phone postcode birth_date address`; no values."""
    found = dict(zip(FEATURES, features(one, other), strict=True))
    alike = {
        "name": _ALIKE_FROM + min(found["first"], found["last"]) * (1 - _ALIKE_FROM) >= _AGREES,
        "email": found["email"] >= _AGREES,
        "address": bool(found["address_same"]),
        **{part: bool(found[f"{part}_same"] or found[f"{part}_near"]) for part in ("phone", "postcode", "birth_date")},
    }
    return tuple(part for part in PARTS if alike[part])


def is_household(one: Person, other: Person) -> bool:
    """Two people under one roof: the same address, another first name, and no birth date in common, not even nearly."""
    if not (one.first and other.first and _is_house(one.address) and _is_house(other.address)):
        return False
    if any(_numbers(one.birth_date, other.birth_date)[:2]):
        return False
    names = max(_likeness(one.first, other.first), _likeness(one.first, other.last), _likeness(one.last, other.first))
    same_address = fuzz.token_sort_ratio(one.address, other.address) >= 100 * _SAME_ADDRESS
    return same_address and names < _OTHER_NAME and not _is_short_of(one.first, other.first)


def _likeness(one: str, other: str) -> float:
    return JaroWinkler.similarity(one, other)


def _is_short_of(one: str, other: str) -> bool:
    """`B` or `Al` of `Albert` is no other name."""
    return one.startswith(other) or other.startswith(one)


def _names(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return max(0.0, (_likeness(one, other) - _ALIKE_FROM) / (1 - _ALIKE_FROM))


def _named(likeness: float, one: str, other: str) -> tuple[float, float, float]:
    return likeness, float(likeness == 1), float(not one or not other)


def _emails(one: str, other: str) -> tuple[float, float, float]:
    if not one or not other:
        return 0.0, 0.0, 1.0
    return Levenshtein.normalized_similarity(one, other), float(one == other), 0.0


def _numbers(one: str, other: str) -> tuple[float, float, float]:
    """The same, or one slip of the finger away (a wrong, missing, added or swapped sign)."""
    if not one or not other:
        return 0.0, 0.0, 1.0
    return float(one == other), float(one != other and OSA.distance(one, other, score_cutoff=1) == 1), 0.0


def _dates(one: str, other: str) -> tuple[float, float, float, float]:
    same, near, missing = _numbers(one, other)
    return same, near, float(not same and not near and not missing and one[:_YEAR] == other[:_YEAR]), missing


def _addresses(one: str, other: str) -> tuple[float, float, float]:
    if not one or not other:
        return 0.0, 0.0, 1.0
    alike = fuzz.token_sort_ratio(one, other) / 100
    return max(0.0, (alike - _ALIKE_FROM) / (1 - _ALIKE_FROM)), float(alike >= _SAME_ADDRESS), 0.0


def _is_house(address: str) -> bool:
    """A number stands in it; a town alone is nobody's house."""
    return any(sign.isdigit() for sign in address)
