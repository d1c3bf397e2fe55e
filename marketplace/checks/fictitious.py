"""Numbers that nobody answers, although they may look valid: the numbering library accepts most of them.

Sources:
- NANP: 555-0100 to 555-0199 are kept for fiction and 555-1212 is directory assistance (ATIS-0300115); 555 is no area
  code, and a bare 555-xxxx cannot be dialled from outside a film.
- United Kingdom: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
- Australia: ACMA, "Phone numbers for use in TV shows, films and creative works".
- Germany: Bundesnetzagentur, drama numbers of five cities; two blocks that mobile operators keep for media.
- France: ARCEP, six blocks of 10,000 for audiovisual works (numbering plan, decision 2018-0881).
- Ireland: ComReg, National Numbering Conventions, 020 91x xxxx for drama.
- Sweden: PTS, numbers for use in books and films.
"""

import re

NANP = 1
_LOCAL_DIGITS = 7
_NANP_DIGITS = 10
_RUN = 7  # a subscriber number of this many equal or counting digits does not come about by chance
_SHORT_RUN = 5  # enough when it is all there is
_UP = "01234567890123456789"
_DOWN = _UP[::-1]

_UK = (
    "(?:113|114|115|116|117|118|121|131|141|151|161)4960|1914980|2079460|2920180|2896496|1632960|7700900|3069990"
    "|8081570|9098790"
)
_AU_MOBILES = (
    "570(?:006|110|156|157|158|159|313|737)|571(?:266|491|804)|572(?:549|665|983)|573(?:087|770)|574(?:118|632)"
    "|575(?:254|789)|576(?:398|801)|577(?:426|644)|578(?:148|888|957)|579(?:212|455|760)"
)
_DRAMA = {
    44: ("ofcom_drama", re.compile(rf"(?:{_UK})\d{{3}}")),
    61: (
        "acma_fiction",
        re.compile(rf"[2378](?:5550|7010)\d{{4}}|491(?:{_AU_MOBILES})|1800160401|1[38]009757(?:0[789]|1[01])"),
    ),
    49: ("bnetza_film", re.compile(r"(?:3023125|6990009|4066969|2214710|8999998)\d{3}|(?:17139200|176040690)\d\d")),
    33: ("arcep_fiction", re.compile(r"(?:19900|26191|35301|46571|53649|63998)\d{4}")),
    353: ("comreg_drama", re.compile(r"2091\d{5}")),
    46: ("pts_fiction", re.compile(r"(?:3139006|4062804|8465004|9803192)\d\d|7017406(?:0[5-9]|[1-9]\d)")),
}


def fictitious_rule(calling_code: int, national: str) -> str | None:
    """The rule that shows the number to be invented, or None.

    Args:
        calling_code: the country's calling code, 0 when unknown.
        national: the digits after it, without a trunk 0.
    """
    if calling_code == NANP and (rule := _nanp_rule(national)):
        return rule
    rule, pattern = _DRAMA.get(calling_code, ("", None))
    if pattern is not None and pattern.fullmatch(national):
        return rule
    return _run_rule(national)


def _nanp_rule(national: str) -> str | None:
    if len(national) == _LOCAL_DIGITS and national.startswith("555"):
        return "nanp_bare_555"
    if len(national) != _NANP_DIGITS:
        return None
    rules = {
        "nanp_555_area": national.startswith("555"),
        "nanp_555_01": national[3:8] == "55501",
        "nanp_directory": national[3:] == "5551212",
    }
    return next((rule for rule, holds in rules.items() if holds), None)


def _run_rule(national: str) -> str | None:
    """Repeated or counting digits over the whole subscriber number (its area or network prefix may differ)."""
    if len(national) < _SHORT_RUN:
        return None
    tail = national[-_RUN:]
    if len(set(tail)) == 1:
        return "repeated_digits"
    return "sequential_digits" if tail in _UP or tail in _DOWN else None
