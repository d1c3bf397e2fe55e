"""How much a text read in some code page looks like a language written in it: `Иванов` does, `Èâàíîâ` does not.

Statistics of whole texts need more letters than a file of names has; the alphabets alone tell most code pages apart.
"""

import re
from itertools import pairwise

_LATIN_RUN = 3  # Latin languages rarely put three accented letters in a row; the wrong code page often does
_DOUBTFUL = 0.4
_NOTHING_FOREIGN = 0.5
_CENTRAL_RUN = 0.75  # but žluť and żółć do
_MIXED = 0.97  # names of one file may come from several languages of a code page
_RARE_LETTER = 0.8
_CAPITAL_INSIDE = 0.3
_CAPITAL_AFTER_CAPITAL = 0.95
_FIRST_GREEK = "α"
_COMMON = frozenset("оеаинтсрвлкмαοιετσνηυρπκיוהלאתבמרנשاليمنرتبوهدع")
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћџђ"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ"
_HEBREW = "".join(map(chr, range(0x5D0, 0x5EB)))
_ARABIC = "".join(map(chr, range(0x621, 0x64B)))
_WESTERN = ("éèêëàâçùûîïôœæ", "áéíóúñü", "áàâãçéêíóôõúü", "äöüßéè", "åäöæøéü", "àèéìòù", "áéíóúýðþæö")
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţșț", "čćđšž")
_TURKISH = ("çğıöşüâîû",)
_FOREIGN_RUN = re.compile("[^\x00-\x7f“”„‘’‚–—…€£°№«»©®™\u00a0·•§¿¡ºª]+")

_CENTRAL_LETTERS = frozenset("ąćęłńśźżčďěĺľňŕřšťůž")

ALPHABETS = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1251": (_CYRILLIC,),
    "koi8_r": (_CYRILLIC,),
    "cp866": (_CYRILLIC,),
    "cp1253": (_GREEK,),
    "cp1254": _TURKISH,
    "cp1255": (_HEBREW,),
    "cp1256": (_ARABIC,),
}


def likeness(data: bytes, codec: str) -> float:
    """0 to 1: the share of foreign letters that one language of the code page has; 0.5 when there are none."""
    text = data.decode(codec, errors="replace")
    alphabets = ALPHABETS[codec]
    mixed = _share(text, "".join(alphabets)) * _MIXED if len(alphabets) > 1 else 0.0
    return max(mixed, *(_share(text, alphabet) for alphabet in alphabets))


def _share(text: str, alphabet: str) -> float:
    points: list[float] = []
    letters = frozenset(alphabet)
    for run in _FOREIGN_RUN.finditer(text):
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        touches = before.isalpha() or after.isalpha()
        rule = _latin_factor if alphabet[0] < _FIRST_GREEK else _other_factor
        factor = rule(run[0], touches=touches)
        points += [factor * _point(a, b, letters) for a, b in pairwise(f"{before or ' '}{run[0]}")]
    if not points:
        return _NOTHING_FOREIGN
    mean = sum(points) / len(points)
    return mean if alphabet[0] < _FIRST_GREEK else mean * mean  # a script of its own is right throughout, or wrong


def _latin_factor(run: str, *, touches: bool) -> float:
    if len(run) == 1 and not touches:
        return _DOUBTFUL
    if len(run) < _LATIN_RUN:
        return 1.0
    return _CENTRAL_RUN if _CENTRAL_LETTERS.intersection(run.lower()) else _DOUBTFUL


def _other_factor(run: str, *, touches: bool) -> float:
    """Two scripts meet in no word."""
    return 0.0 if touches else _DOUBTFUL if len(run) == 1 else 1.0


def _point(before: str, sign: str, letters: frozenset[str]) -> float:
    small = sign.lower()
    if small not in letters:
        return 0.0
    point = 1.0 if small < _FIRST_GREEK or small in _COMMON else _RARE_LETTER
    if small == sign or not before.isalpha():
        return point
    return point * (_CAPITAL_INSIDE if before.islower() else _CAPITAL_AFTER_CAPITAL)
