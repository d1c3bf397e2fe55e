"""Invented people, and the same people written down again with slips: what the weights are learned from.

No record here is taken from a data set. How often slips happen is a guess (POLICY), wide on purpose: from one slip in
a careful form to several in one that was filled in by ear; the ranges were set with public test sets in view.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from marketplace.checks.likeness.person import Person
from marketplace.kit.text import listed

_FIRST = listed(
    "james|mary|john|patricia|robert|jennifer|michael|linda|david|elizabeth|william|barbara|richard|susan|joseph|jessica"
    "|thomas|sarah|charles|karen|daniel|lisa|matthew|nancy|anthony|betty|mark|sandra|paul|ashley|steven|emily|andrew"
    "|kimberly|kenneth|donna|george|carol|kevin|michelle|brian|amanda|edward|melissa|ronald|deborah|jason|stephanie"
    "|maria|anna|olga|piotr|marek|agnieszka|lucia|carlos|jose|juan|ana|sofia|elena|ivan|dmitri|natalia|ahmed|fatima|wei"
    "|priya|lukas|hannah|jakob|emma|oliver|noah|liam|mia|chloe|zoe|ethan|lachlan|isabella|jack|harry|ella|ruby|georgia"
    "|tyler|joshua|samantha|nicholas|benjamin|caitlin|alexandra|hugo|ingrid|teresa|kofi|victor|simon|farah|owen|nadia"
)
_LAST = listed(
    "smith|johnson|williams|brown|jones|garcia|miller|davis|rodriguez|martinez|hernandez|lopez|gonzalez|wilson|anderson"
    "|thomas|taylor|moore|jackson|martin|lee|perez|thompson|white|harris|sanchez|clark|ramirez|lewis|robinson|walker"
    "|young|allen|king|wright|scott|torres|nguyen|hill|flores|green|adams|nelson|baker|hall|rivera|campbell|mitchell"
    "|carter|roberts|kowalski|nowak|wisniewska|petrov|ivanova|muller|schmidt|fischer|weber|rossi|ferrari|dubois|moreau"
    "|silva|santos|okafor|mensah|khan|patel|singh|kim|park|chen|wang|tanaka|nakamura|haas|lindqvist|jensen|hansen|novak"
    "|horvat|brennan|walsh|fraser|whitfield|delgado|marchetti|sandoval|hartmann|rahimi|costa|iyer|webb|reid|clarke"
)
_STREETS = listed(
    "high street|station road|church lane|park avenue|mill road|victoria street|queen street|oak drive|maple court"
    "|river walk|hill crescent|lake view|bridge street|garden place|north road|south terrace|king street|forest way"
    "|market square|spring close|meadow lane|school road|harbour street|sunset boulevard|elm grove|cedar street"
)
_PLACES = listed(
    "austin|dallas|london|leeds|warsaw|krakow|madrid|lyon|berlin|hamburg|chicago|boston|denver|bristol|perth|geelong"
    "|albury|newcastle|oxford|springfield|riverside|fairview|greenville|salem|georgetown|clinton|madison|ashland"
)
_MAILS = listed("gmail.com|yahoo.com|outlook.com|mail.com|proton.me|gmx.net")
#: how many more of a household leave their data
_MORE_AT_HOME = (0,) * 17 + (1, 1, 2)
#: two strangers share a first name about once in 150, a last name about once in 500
_RARE_FIRST, _RARE_LAST = 0.3, 0.6
_WORLDS = 8
_OTHER_FIRST = 0.5  # a middle or short name, half as often as another number
_POSTCODES = 1500
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_FIELDS = ("first", "last", "phone", "email", "postcode", "birth_date", "address")


@dataclass(frozen=True, slots=True)
class Sloppiness:
    """How one file was written down: chances for each field."""

    slip: float
    missing: float
    swapped: float
    changed: float  # moved house, new number, new mailbox, married, birth date made up


def invented(count: int, seed: int) -> Iterator[tuple[int, int, Person]]:
    """About `count` people as (world, number, record), one or more records each; households share what they share.

    The worlds differ in what their forms ask and in how carefully they are filled in, so that every field is learned
    with and without the others; records are to be compared within a world.
    """
    source = random.Random(seed)  # noqa: S311  # invented data
    number = 0
    for world in range(_WORLDS):
        kept = _asked(source)
        way = Sloppiness(*(source.uniform(*bounds) for bounds in ((0.03, 0.3), (0.0, 0.3), (0.0, 0.08), (0.02, 0.12))))
        for _ in range(count // _WORLDS):
            for person in _household(source):
                for _again in range(source.choice((1, 1, 2, 2, 3))):
                    yield world, number, _asked_only(_written(person, way, source), kept)
                number += 1


def _asked(source: random.Random) -> frozenset[str]:
    """What the forms of a world ask: always names, and two to five other things."""
    rest = list(_FIELDS[2:])
    return frozenset({"first", "last", *source.sample(rest, source.randint(2, len(rest)))})


def _asked_only(person: Person, kept: frozenset[str]) -> Person:
    return replace(person, **{field: "" for field in _FIELDS if field not in kept})


def _household(source: random.Random) -> list[Person]:
    """One to three people; those who live together share address and postcode, most the name, some the phone."""
    head = _person(source)
    people = [head]
    for _ in range(source.choice(_MORE_AT_HOME)):
        other = _person(source)
        people.append(
            replace(
                other,
                last=head.last if source.random() < 0.8 else other.last,
                phone=head.phone if source.random() < 0.15 else other.phone,
                email=head.email if source.random() < 0.05 else other.email,
                postcode=head.postcode,
                address=head.address,
            )
        )
    return people


def _person(source: random.Random) -> Person:
    first, last = _often(_FIRST, _RARE_FIRST, source), _often(_LAST, _RARE_LAST, source)
    return Person(
        first, last, _digits(10, source), _mail(first, last, source), f"{source.randrange(_POSTCODES) * 7 % 9973:04}",
        f"{source.randint(1930, 2006)}{source.randint(1, 12):02}{source.randint(1, 28):02}", _address(source),
    )  # fmt: skip


def _often(names: tuple[str, ...], rare: float, source: random.Random) -> str:
    """Some names are common, and a share is so rare that it is made up of syllables."""
    if source.random() < rare:
        return "".join(source.choice("bcdfghjklmnprstvz") + source.choice("aeiou") for _ in range(source.randint(2, 4)))
    return names[int(len(names) * source.random() ** 2)]


def _address(source: random.Random) -> str:
    return f"{source.randint(1, 250)} {source.choice(_STREETS)} {source.choice(_PLACES)}"


def _mail(first: str, last: str, source: random.Random) -> str:
    name = source.choice(
        (f"{first}.{last}", f"{first[0]}{last}", f"{first}{_digits(2, source)}", f"{last}{_digits(3, source)}")
    )
    return f"{name}@{source.choice(_MAILS)}"


def _digits(count: int, source: random.Random) -> str:
    return "".join(source.choice(_DIGITS) for _ in range(count))


def _written(person: Person, way: Sloppiness, source: random.Random) -> Person:
    """The person as somebody wrote it down once."""
    fresh = _person(source)
    values = {}
    for field in _FIELDS:
        value = getattr(person, field)
        if source.random() < way.changed * (_OTHER_FIRST if field == "first" else 1):
            value = _otherwise(field, value, getattr(fresh, field), source)
        while value and source.random() < way.slip:
            value = _slipped(value, source)
        values[field] = "" if source.random() < way.missing else value
    if source.random() < way.swapped:
        values["first"], values["last"] = values["last"], values["first"]
    return Person(**values)


def _otherwise(field: str, value: str, fresh: str, source: random.Random) -> str:
    """Moved, remarried, a new number or mailbox; a birth date that is made up, or right in its year only."""
    if field == "birth_date" and source.random() < 0.5:
        return value[:4] + fresh[4:]
    return fresh


def _slipped(value: str, source: random.Random) -> str:
    """One slip: a sign wrong, left out, doubled or swapped, or a word left out."""
    place = source.randrange(len(value))
    signs = _DIGITS if value[place].isdigit() else _LETTERS
    kind = source.random()
    if kind < 0.35:
        return value[:place] + source.choice(signs) + value[place + 1 :]
    if kind < 0.55:
        return value[:place] + value[place + 1 :]
    if kind < 0.7:
        return value[:place] + value[place] + value[place:]
    if kind < 0.9 or " " not in value:
        return value[:place] + value[place : place + 2][::-1] + value[place + 2 :]
    words = value.split()
    words.pop(source.randrange(len(words)))
    return " ".join(words)
