"""Learning the weights of likeness, from pairs of records about which one knows who they are."""

from collections import defaultdict
from collections.abc import Iterable

from marketplace.checks.likeness.compare import FEATURES, features, is_household
from marketplace.checks.likeness.keys import candidates
from marketplace.checks.likeness.model import Matcher, as_matcher
from marketplace.checks.likeness.person import Person
from marketplace.quality.duplicates.invented import invented
from marketplace.quality.solvers import Sparse, ridge_logistic

PEOPLE, SEED = 24_000, 20_261_127


def learn_from_invented(people: int = PEOPLE, seed: int = SEED) -> Matcher:
    """The matcher that `weights.json` holds, learned anew: the same people and seed give the same weights."""
    worlds: dict[int, list[tuple[int, Person]]] = defaultdict(list)
    for world, number, person in invented(people, seed):
        worlds[world].append((number, person))
    matrix, same = Sparse(len(FEATURES)), []
    for records in worlds.values():
        same += _compared(records, matrix)
    found, level = ridge_logistic(matrix, same, c=1.0)
    rounded = [round(weight, 4) for weight in found]
    known = {
        "data": "invented people with slips",
        "people": people,
        "seed": seed,
        "pairs": len(same),
        "same": sum(same),
    }
    return as_matcher(rounded, round(level, 4), known)


def _compared(records: Iterable[tuple[int, Person]], matrix: Sparse) -> list[int]:
    """Add the features of each pair that the keys bring together, and return whether it is one person."""
    numbers, people = zip(*records, strict=True)
    same = []
    for one, other in candidates(people):
        if is_household(people[one], people[other]):
            continue  # the rule answers before the weights do
        for place, value in enumerate(features(people[one], people[other])):
            if value:
                matrix.columns.append(place)
                matrix.values.append(value)
        matrix.end_row()
        same.append(int(numbers[one] == numbers[other]))
    return same
