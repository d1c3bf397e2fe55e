"""What cheating the rating brings: simulated exchanges with a cheat beside the same without; in points."""

import random
import statistics
from collections.abc import Iterable, Mapping

from marketplace.bench.report import Bound
from marketplace.quality.rating import Outcome, Outcomes, rate

TARGETS: Mapping[str, Mapping[Bound, float]] = {
    "reregistration_gain": {"max": 5},
    "collusion_lift": {"max": 6},
    "false_disputer_cost": {"max": 5},
}
_SEEDS, _AGENCIES, _LEADS_EACH, _BUYERS, _CHANNELS = 4, 20, 110, 30, 3
_BEST, _SPREAD, _DAYS = 0.03, 0.12, 120
_BAD, _WORSE, _LIES = 0.2, 0.25, 0.35


def figures() -> dict[str, float]:
    """The mean over several exchanges of 20 agencies with 3 to 15 % faults.

    A bad agency begins anew under another name with 20 leads; one with 20 % faults sells 300 leads more to a friend who
    praises them; a buyer disputes a third of all leads, and is believed, of a good agency as of others.
    """
    cases = {"reregistration_gain": _anew, "collusion_lift": _praised, "false_disputer_cost": _lied_about}
    return {name: statistics.mean(case(seed) for seed in range(_SEEDS)) for name, case in cases.items()}


def _anew(seed: int) -> float:
    source = random.Random(seed)  # noqa: S311  # invented data
    return _score(seed, _sold(source, 20, _WORSE)) - _score(seed, _sold(source, 200, _WORSE))


def _praised(seed: int) -> float:
    source = random.Random(seed)  # noqa: S311  # invented data
    honest = _sold(source, 120, _BAD)
    return _score(seed, [*honest, *_sold(source, 300, 0.0, buyer="friend")]) - _score(seed, honest)


def _lied_about(seed: int) -> float:
    source = random.Random(seed)  # noqa: S311  # invented data
    good, lies = _sold(source, 150, _BEST), _sold(source, 40, _LIES, buyer="liar")
    elsewhere = [_lead(source, f"a{n % _AGENCIES}", "liar", _LIES) for n in range(160)]
    return _score(seed, good) - _score(seed, [*good, *lies, *elsewhere])


def _sold(source: random.Random, leads: int, share: float, buyer: str = "") -> list[Outcome]:
    """Leads of the agency that is looked at, to many buyers or to one."""
    return [_lead(source, "it", buyer or f"b{source.randrange(_BUYERS)}", share) for _ in range(leads)]


def _lead(source: random.Random, agency: str, buyer: str, share: float) -> Outcome:
    fault = int(source.random() < share)
    return Outcome(agency, buyer, "v", f"c{source.randrange(_CHANNELS)}", source.random() * _DAYS, fault)


def _score(seed: int, extra: Iterable[Outcome]) -> float:
    """What the agency gets on the exchange of this seed."""
    source, outcomes = random.Random(seed), Outcomes()  # noqa: S311  # invented data
    for agency in range(_AGENCIES):
        share = _BEST + _SPREAD * agency / _AGENCIES
        for _ in range(_LEADS_EACH):
            outcomes.add(_lead(source, f"a{agency}", f"b{source.randrange(_BUYERS)}", share))
    for each in extra:
        outcomes.add(each)
    return rate(outcomes)["it"].score
