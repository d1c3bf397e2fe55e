"""Keys by which leads are looked up that may be the same person: two of one person nearly always share one."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from marketplace.checks.likeness.person import Person

MOST_IN_BLOCK = 60
_CODE = 4
_SOUNDS = {
    sign: digit for digit, signs in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), start=1) for sign in signs
}
_SILENT = frozenset("hw")

Seal = Callable[[str], str]


def soundex(name: str) -> str:
    """American Soundex of the Latin letters (US National Archives); empty when there are none."""
    letters = [sign for sign in name.lower() if "a" <= sign <= "z"]
    if not letters:
        return ""
    code, last = letters[0].upper(), _SOUNDS.get(letters[0])
    for sign in letters[1:]:
        sound = _SOUNDS.get(sign)
        if sound and sound != last:
            code += str(sound)
        if sign not in _SILENT:
            last = sound
    return code[:_CODE].ljust(_CODE, "0")


def keys_of(person: Person, seal: Seal = str) -> frozenset[str]:
    """Phone; e-mail; the sound of either name with the postcode; either initial with the birth date; both names.

    Names are treated alike, so that first and last may have changed places. seal: a keyed hash, for keys that are kept.
    """
    names = [name for name in (person.first, person.last) if name]
    keys = {f"phone:{person.phone}"} if person.phone else set()
    if person.email:
        keys.add(f"email:{person.email}")
    if person.postcode:
        keys |= {f"sound:{soundex(name)}:{person.postcode}" for name in names}
    if person.birth_date:
        keys |= {f"born:{name[0]}:{person.birth_date}" for name in names}
    if person.first and person.last:
        keys.add(f"names:{':'.join(sorted(names))}")
    return frozenset(map(seal, keys))


def candidates(people: Sequence[Person]) -> Iterator[tuple[int, int]]:
    """The pairs (smaller place first, each once) that share a key. A key of more than 60 people tells nothing."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        for key in keys_of(person):
            blocks[key].append(place)
    seen: set[tuple[int, int]] = set()
    for places in blocks.values():
        if len(places) > MOST_IN_BLOCK:
            continue
        for end, second in enumerate(places):
            for first in places[:end]:
                if (first, second) not in seen:
                    seen.add((first, second))
                    yield first, second
