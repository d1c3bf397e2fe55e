"""How long the nightly rating of the whole exchange takes, and what one lead's score costs. Pure: no database."""

import random
import resource
import time
from collections.abc import Callable, Mapping
from typing import Any

from marketplace.bench import gaming
from marketplace.bench.report import Bound, Report, machine
from marketplace.quality import conversion, rating
from marketplace.quality.rating import Outcome, Outcomes

AGENCIES, LEADS = 2_000, 1_000_000
_TARGETS: Mapping[str, Mapping[Bound, float]] = {
    "seconds": {"max": 120},
    "score_us": {"max": 10},
    "peak_mib": {"max": 1024},
    **gaming.TARGETS,
}
_SEED = 20_261_127
_VERTICALS, _CHANNELS, _BUYERS_EACH = 20, 12, 12
_OLDEST_DAYS = 720
_LEARNED_FROM, _SCORED, _ROUNDS = 2_000, 5_000, 7
_KIB = 1024


def rate_everybody(
    _seconds: float, tell: Callable[[str], None], agencies: int = AGENCIES, leads: int = LEADS
) -> Report:
    """Rate so many agencies by so many matured leads, alarms included; then score leads one by one."""
    outcomes = _invented(agencies, leads)
    tell(f"{leads:,} matured leads of {agencies:,} agencies are invented; rating them.")
    began = time.perf_counter()
    expectation = rating.learn_expectation(outcomes)
    ratings = rating.rate_whole(outcomes, expectation)
    alarms = _alarms(outcomes, expectation)
    seconds = time.perf_counter() - began
    tell(f"{len(ratings):,} agencies rated, {alarms:,} alarms.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB
    figures = {
        "seconds": seconds,
        "score_us": _score_us(),
        "peak_mib": peak,
        "agencies": len(ratings),
        "leads": len(outcomes),
        **gaming.figures(),
    }
    return Report(figures, _TARGETS, machine())


def _invented(agencies: int, leads: int) -> Outcomes:
    """Agencies of all qualities; each sells to a few buyers, some of whom complain more than others."""
    source = random.Random(_SEED)  # noqa: S311  # invented data
    rates = [min(0.6, source.gammavariate(1.2, 0.06)) for _ in range(agencies)]
    outcomes = Outcomes()
    for _ in range(leads):
        agency = source.randrange(agencies)
        buyer = (agency * 7 + source.randrange(_BUYERS_EACH) ** 2) % max(1, agencies // 2)
        outcomes.add(
            Outcome(
                f"agency-{agency}", f"buyer-{buyer}", f"vertical-{agency % _VERTICALS}",
                f"channel-{source.randrange(_CHANNELS)}", source.random() * _OLDEST_DAYS,
                int(source.random() < rates[agency]),
            )
        )  # fmt: skip
    return outcomes


def _alarms(outcomes: Outcomes, expectation: rating.Expectation) -> int:
    """How many channels of agencies have risen to an alarm; the outcomes stand in no order, so it is only for time."""
    levels: dict[tuple[str, str], float] = {}
    for each in outcomes:
        e, _e0 = expectation.of(each.vertical, each.channel, each.buyer)
        key = each.agency, each.channel
        levels[key] = rating.alarm.after(levels.get(key, 0.0), fault=bool(each.fault), expected=e)
    return sum(map(rating.alarm.is_alarm, levels.values()))


def _score_us() -> float:
    """Microseconds for p_convert of one lead from stored coefficients: the best round, as other work only adds."""
    leads = [_lead(number) for number in range(_SCORED)]
    won = [int(random.Random(number).random() < 0.3) for number in range(_LEARNED_FROM)]  # noqa: S311, PLR2004
    columns = [conversion.Column(name) for name in leads[0]]
    learned = conversion.train(leads[:_LEARNED_FROM], won, columns).model
    model = conversion.model_from(learned.to_json())
    return min(_round_us(model, leads) for _ in range(_ROUNDS))


def _round_us(model: conversion.ConversionModel, leads: list[dict[str, Any]]) -> float:
    began = time.perf_counter()
    for lead in leads:
        model.probability(lead)
    return (time.perf_counter() - began) / len(leads) * 1e6


def _lead(number: int) -> dict[str, Any]:
    """What is known of a lead at upload: ten columns, three of them numbers."""
    source = random.Random(number)  # noqa: S311  # invented data
    return {
        "channel": f"channel-{source.randrange(_CHANNELS)}",
        "traffic_source": source.choice(("search", "social", "direct", None)),
        "vertical": f"vertical-{source.randrange(_VERTICALS)}",
        "region": f"region-{source.randrange(50)}",
        "contact_type": source.choice(("fast", "registration", "promo", "interested")),
        "qualification": source.choice(("iql", "mql", "sql")),
        "temperature": source.choice(("cold", "warm", "hot")),
        "completeness": source.random(),
        "hour": source.randrange(24),
        "fill_seconds": source.choice((None, source.expovariate(0.02))),
    }
