"""Invented leads for the demo: the same every time, nobody real."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from marketplace.kit.text import listed

#: as many and as unlike that no two of these people are taken for one
_FIRST = listed(
    "Maria|James|Olga|Peter|Ana|Samuel|Ingrid|Victor|Nadia|Owen|Lucia|Marek|Priya|Daniel|Elena|Hugo|Farah|Simon|Teresa"
    "|Kofi|Beatriz|Callum|Dorothea|Emeka|Fiona|Gustav|Hanna|Ivo|Joana|Kenji|Leticia|Milan|Noor|Oscar|Paola|Quentin|Rosa"
    "|Stefan|Tamar|Ulrich|Vera|Wanda|Xavier|Yusuf|Zofia|Arthur|Bianca|Cyrus|Delphine|Edgar"
)
_LAST = listed(
    "Sandoval|Whitfield|Kowalska|Brennan|Petrov|Lindqvist|Okonkwo|Marchetti|Delgado|Fraser|Nakamura|Novak|Iyer|Hartmann"
    "|Costa|Walsh|Rahimi|Jensen|Moreau|Mensah|Abernathy|Bjornstad|Castellanos|Drummond|Eriksen|Fitzgerald|Gallagher"
    "|Hashimoto|Ibrahim|Jankowski|Kaminski|Lombardi|McAllister|Nguyen|Oyelaran|Papadakis|Quintero|Rosenthal|Szymborski"
    "|Takahashi|Underwood|Vasquez|Wolanski|Yamamoto|Zimmermann|Achterberg|Blackwood|Christensen|Dvorak|Engstrom"
    "|Fontaine|Grigoriev|Hutchinson|Ivanov|Jefferson|Kirchner|Lefebvre|Montoya|Nwosu|Ostrowski|Pemberton|Radcliffe"
    "|Schneider|Thorvaldsen|Ullman|Villanueva|Wetherby|Youngblood|Zapata|Bouchard"
)
#: region, the first three digits of its postal codes, the last of them, city, area code
_PLACES = (
    ("TX", "787", 59, "Austin", 512), ("TX", "752", 54, "Dallas", 214), ("CA", "900", 79, "Los Angeles", 213),
    ("NY", "100", 40, "New York", 212), ("FL", "331", 50, "Miami", 305), ("IL", "606", 61, "Chicago", 312),
    ("CA", "941", 34, "San Francisco", 415), ("AZ", "850", 54, "Phoenix", 602), ("MA", "021", 36, "Boston", 617),
    ("CO", "802", 39, "Denver", 303), ("WA", "981", 46, "Seattle", 206), ("GA", "303", 50, "Atlanta", 404),
)  # fmt: skip
_CHANNELS = ("search", "social", "landing_page", "seo", "site_form", "contextual", "partner")
_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
_ODD = 0.2
_CONSENT = "I agree that one company may call or write to me about my request."

ANSWERS: dict[str, dict[str, tuple[Any, ...]]] = {
    "education": {
        "subject": ("data analysis", "nursing", "graphic design", "accounting", "UX research"),
        "education_level": ("school", "some_college", "bachelor", "postgraduate"),
        "study_mode": ("online", "on_site", "mixed"),
        "start": ("now", "3_months", "6_months", "later"),
        "budget": (800, 1500, 3200, 6400, 12000),
    },
    "home_services": {
        "service": ("roofing", "windows", "heating", "solar", "kitchen_bath"),
        "owns_home": (True, True, True, False),
        "timing": ("urgent", "month", "quarter", "planning"),
        "budget": (900, 2400, 7800, 15000),
        "details": ("Two windows do not close any more.", "The roof leaks above the kitchen.", "Old boiler, loud."),
    },
    "insurance": {
        "product": ("car", "home", "life", "travel"),
        "insured_now": (True, False),
        "vehicle_year": (2014, 2018, 2021, 2024),
        "birth_year": (1962, 1975, 1984, 1991, 1999),
    },
}


def leads(vertical: str, count: int, now: datetime, seed: int) -> Iterator[dict[str, Any]]:
    """`count` leads of a trade in the API's form, from the last two weeks, newest last."""
    dice = random.Random(seed)  # noqa: S311  # invented people need no secrecy
    ages = sorted((dice.expovariate(1 / 40) for _ in range(count)), reverse=True)
    for number, hours in enumerate(ages):
        at, own_id = now - timedelta(hours=min(hours, 24 * 14), minutes=7), f"{seed}-{number}"
        yield _lead(dice, vertical, at, own_id) | _oddity(own_id)


def _oddity(external_id: str) -> dict[str, Any]:
    """What a check finds about one lead in five, so that not every score is the same."""
    dice = random.Random(external_id)  # noqa: S311  # of its own: the other leads stay what they were
    odd: list[dict[str, Any]] = [
        {"email": f"info+{external_id}@example.com"},
        {"email": f"n.{external_id}@outlok.com"},
        {"phone": f"+1702{dice.randrange(220, 555)}{dice.randrange(1000, 9999)}"},
        {"fill_seconds": 2},
        {"comment": "asdf asdf asdf asdf"},
    ]
    return dice.choice(odd) if dice.random() < _ODD else {}


def _lead(dice: random.Random, vertical: str, at: datetime, external_id: str) -> dict[str, Any]:
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    region, prefix, most, city, area = dice.choice(_PLACES)
    answers = {name: dice.choice(values) for name, values in ANSWERS[vertical].items() if dice.random() < 0.85}
    required = {"home_services": "service", "insurance": "product"}.get(vertical)
    if required:
        answers[required] = dice.choice(ANSWERS[vertical][required])
    return {
        "external_id": external_id,
        "first_name": first,
        "last_name": last,
        "phone": f"+1{area}{dice.randrange(220, 555)}{dice.randrange(1000, 9999)}",
        "email": f"{first}.{last}{dice.randrange(10, 99)}@example.com".lower() if dice.random() < 0.9 else None,
        "city": city,
        "region": region,
        "postal_code": f"{prefix}{dice.randint(1, most):02d}",
        "country": "US",
        "submitted_at": at.isoformat(),
        "fill_seconds": dice.randrange(22, 240),
        "user_agent": _AGENT,
        "channel": dice.choice(_CHANNELS),
        "campaign": f"autumn-{dice.randrange(1, 5)}",
        "sub_id": f"s{dice.randrange(100, 130)}",
        "preferred_call_time": dice.choice((None, None, "weekdays after 17:00", "mornings")),
        "consent": {"text": _CONSENT, "version": "3", "at": at.isoformat(), "method": "form"},
        "answers": answers,
    }
