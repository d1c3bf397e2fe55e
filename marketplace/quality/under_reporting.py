"""Pay per sale: does a buyer keep sales back? A bet against it that an honest buyer loses, however long it is played.

E starts at 1. Under an honest buyer it reaches 100 with a chance of at most 1 %, however often one looks (Ville 1939),
if the chances p are right. If they are too high, honest buyers are flagged too: so a flag only asks for proof.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

FLAG_AT = 100.0
RHO_WATCH, RHO_ACT = 0.8, 0.65
FEWEST_DAYS = 90
_RATES = (0.1, 0.25, 0.4, 0.55)  # how much is reported, if it is too little
#: days since the lead came: the share of the sales that have happened by then (842 real deals)
CLOSED_BY = MappingProxyType({0: 0.0, 7: 0.34, 14: 0.51, 30: 0.66, 60: 0.77, 90: 0.82, 180: 0.92})
_MOST = 0.999999
_WORTH_A_LOOK = math.log(FLAG_AT)  # a mean reaches 100 only when one part does


def closed_by(age_days: float) -> float:
    """F(age): the share of sales that have happened by then; straight between the known days, level after the last."""
    days, shares = list(CLOSED_BY), list(CLOSED_BY.values())
    place = bisect_right(days, age_days)
    if place in (0, len(days)):
        return shares[min(place, len(days) - 1)]
    part = (age_days - days[place - 1]) / (days[place] - days[place - 1])
    return shares[place - 1] + part * (shares[place] - shares[place - 1])


def chance_of_sale(p_convert: float, age_days: float) -> float:
    """p_i: the chance that this lead was sold by now. One outcome a lead, at a fixed age of 90 days or more."""
    return p_convert * closed_by(age_days)


@dataclass(frozen=True, slots=True)
class Bet:
    """One buyer's bet so far. The order of leads changes E along the way, not at the end.

    Attributes:
        rho0: the least share of expected sales that counts as honest: .8 to watch, .65 to act.
        logs: the log of each part of the bet.
        leads: how many were seen.
        flagged_at: after how many leads it first reached 100; None when it has not.
    """

    rho0: float = RHO_WATCH
    logs: tuple[float, ...] = (0.0,) * len(_RATES)
    leads: int = 0
    flagged_at: int | None = None

    @property
    def e_value(self) -> float:
        top = max(self.logs)
        return math.exp(min(700.0, top)) * sum(math.exp(each - top) for each in self.logs) / len(self.logs)

    @property
    def is_flagged(self) -> bool:
        """Once flagged, always: proof is asked for, and nothing else follows by itself."""
        return self.flagged_at is not None

    def after(self, chance: float, *, reported: bool) -> "Bet":
        """The bet after one more lead whose sale had this chance, 0..1."""
        p = min(_MOST, max(0.0, chance))
        steps = [self._step(rate, p, reported=reported) for rate in _RATES]
        grown = Bet(
            self.rho0, tuple(a + b for a, b in zip(self.logs, steps, strict=True)), self.leads + 1, self.flagged_at
        )
        if grown.flagged_at is None and grown.e_value >= FLAG_AT:
            return Bet(grown.rho0, grown.logs, grown.leads, grown.leads)
        return grown

    def _step(self, rate: float, p: float, *, reported: bool) -> float:
        if reported:
            return math.log(rate / self.rho0)
        return math.log((1 - rate * p) / (1 - self.rho0 * p))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `bet_from` gives an equal one back."""
        return {"rho0": self.rho0, "logs": list(self.logs), "leads": self.leads, "flagged_at": self.flagged_at}


def bet_from(stored: dict[str, Any]) -> Bet:
    return Bet(stored["rho0"], tuple(stored["logs"]), stored["leads"], stored["flagged_at"])


def play(chances: Sequence[float], reported: Sequence[int], *, rho0: float = RHO_WATCH) -> Bet:
    """The bet over all these leads, in time order: what `after` gives one by one, in a tenth of the time."""
    logs, flagged_at = [0.0] * len(_RATES), None
    for number, (chance, came) in enumerate(zip(chances, reported, strict=True), start=1):
        p = min(_MOST, max(0.0, chance))
        honest = rho0 if came else 1 - rho0 * p
        for place, rate in enumerate(_RATES):
            logs[place] += math.log((rate if came else 1 - rate * p) / honest)
        if flagged_at is None and max(logs) >= _WORTH_A_LOOK and Bet(rho0, tuple(logs)).e_value >= FLAG_AT:
            flagged_at = number
    return Bet(rho0, tuple(logs), len(chances), flagged_at)
