"""Territories with a country code of their own that belong to another country: a person of either may state the other.

Overseas parts of France, the Netherlands, Norway, Finland and the United States are those that ISO 3166-2 lists below
the country as well; those of the others are "dependencies" in the CIA's World Factbook.
"""

_OF = {
    "AU": "CC CX HM NF",
    "DK": "FO GL",
    "FI": "AX",
    "FR": "BL GF GP MF MQ NC PF PM RE TF WF YT",
    "GB": "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG",
    "NL": "AW BQ CW SX",
    "NO": "BV SJ",
    "NZ": "CK NU TK",
    "US": "AS GU MP PR UM VI",
}
_STATE = {territory: state for state, territories in _OF.items() for territory in territories.split()}


def is_one_state(one: str, other: str) -> bool:
    """Whether two codes of countries (ISO 3166-1) are of one state: the US and Puerto Rico, Jersey and the UK."""
    return _STATE.get(one, one) == _STATE.get(other, other)
