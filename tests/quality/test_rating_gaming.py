"""Who tries to cheat the rating gains little: simulated exchanges with a cheat, beside the same without."""

import random
import statistics

from marketplace.quality.rating import Expectation, Outcome, Outcomes, learn_expectation, rate

_BUYERS = 30


def exchange(source, agencies=20, leads_each=110, *, extra=()):
    """Agencies with 3 to 15 % faults, each sold to many buyers; then the extra outcomes."""
    outcomes = Outcomes()
    for agency in range(agencies):
        rate_of = 0.03 + 0.12 * agency / agencies
        for _ in range(leads_each):
            outcomes.add(lead(f"a{agency}", f"b{source.randrange(_BUYERS)}", source.random() < rate_of, source))
    for each in extra:
        outcomes.add(each)
    return outcomes


def lead(agency, buyer, fault, source):
    return Outcome(agency, buyer, "v", f"c{source.randrange(3)}", source.random() * 120, int(fault))


def bad_agency(source, leads, rate_of=0.25):
    return [lead("cheat", f"b{source.randrange(_BUYERS)}", source.random() < rate_of, source) for _ in range(leads)]


def test_registering_again_under_a_new_name_gains_little():
    gains = []
    for seed in range(4):
        source = random.Random(seed)
        old = rate(exchange(source, extra=bad_agency(source, 200)))["cheat"].score
        new = rate(exchange(source, extra=bad_agency(source, 20)))["cheat"].score
        gains.append(new - old)
    assert statistics.mean(gains) <= 5


def test_a_colluding_buyer_lifts_a_bad_agency_little():
    lifts, uncapped = [], []
    for seed in range(3):
        source = random.Random(seed)
        honest = bad_agency(source, 120, 0.2)
        praise = [lead("cheat", "friend", fault=False, source=source) for _ in range(300)]
        before = rate(exchange(random.Random(seed), extra=honest))["cheat"].score
        after = rate(exchange(random.Random(seed), extra=[*honest, *praise]))["cheat"].score
        many_names = [each._replace(buyer=f"friend{number}") for number, each in enumerate(praise)]
        lifts.append(after - before)
        uncapped.append(rate(exchange(random.Random(seed), extra=[*honest, *many_names]))["cheat"].score - before)
    assert statistics.mean(lifts) <= 6
    assert statistics.mean(uncapped) > statistics.mean(lifts) + 5, "without the cap the praise would have worked"


def test_friends_that_are_linked_lift_no_more_than_one():
    source = random.Random(4)
    honest = bad_agency(source, 120, 0.2)
    praise = [lead("cheat", f"friend{number}", fault=False, source=source) for number in range(300)]
    found = Outcomes(links={f"friend{number}": "one owner" for number in range(300)})
    for each in [*honest, *praise]:
        found.add(each)
    apart = Outcomes()
    for each in honest:
        apart.add(each)
    assert rate(found, Expectation())["cheat"].score - rate(apart, Expectation())["cheat"].score <= 6


def test_a_false_disputer_costs_a_good_agency_little():
    costs, blamed = [], []
    for seed in range(3):
        source = random.Random(seed)
        good = [lead("good", f"b{source.randrange(_BUYERS)}", source.random() < 0.03, source) for _ in range(150)]
        #: disputes a third of everybody's leads, and is believed too often
        wrong = [lead("good", "liar", source.random() < 0.35, source) for _ in range(40)]
        elsewhere = [lead(f"a{number % 20}", "liar", source.random() < 0.35, source) for number in range(160)]
        before = rate(exchange(random.Random(seed), extra=good))["good"].score
        told = exchange(random.Random(seed), extra=[*good, *wrong, *elsewhere])
        known = learn_expectation(told)
        unknown = Expectation(known.level, known.verticals, known.channels)
        costs.append(before - rate(told, known)["good"].score)
        blamed.append(before - rate(told, unknown)["good"].score)
    assert statistics.mean(costs) <= 5
    assert statistics.mean(blamed) > statistics.mean(costs) + 3, "it is the buyer's own term that protects"
