"""`fairlead evaluate duplicates`: are records of the same person found, and no others?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from marketplace.bench.report import Bound, Report, machine
from marketplace.checks.likeness import Likeness, Person, candidates, likeness, person_of, stored_matcher
from marketplace.cli.evaluate.table import BadFile, Table, read_table
from marketplace.cli.evaluate.telling import FILE, json_option, tell

_PARTS: Mapping[str, tuple[str, ...]] = {
    "first": ("first_name", "given_name", "forename", "first"),
    "last": ("last_name", "surname", "family_name", "last"),
    "phone": ("phone", "mobile", "phone_number", "soc_sec_id"),
    "email": ("email", "e-mail", "mail", "email_address"),
    "postcode": ("postcode", "postal_code", "zip", "zip_code"),
    "birth_date": ("date_of_birth", "dob", "birth_date", "birthday"),
}
_ADDRESS = ("street_number", "address", "address_1", "address_2", "street", "suburb", "city", "town", "state")
_TRUTH = ("ent", "cluster", "person", "entity", "entity_id", "cluster_id", "person_id")
_TARGETS: Mapping[str, Mapping[Bound, float]] = {"precision": {"min": 0.98}, "recall": {"min": 0.8}}
_WORDS = {
    "precision": "precision (of the pairs called duplicates)",
    "recall": "recall (of all true pairs of the file)",
    "pairs": "pairs called duplicates",
    "review": "pairs for a person to look at",
    "true_pairs": "true pairs",
    "compared": "pairs compared",
    "rows": "records",
}


@click.command()
@click.argument("file", type=FILE)
@click.option("--truth", help="The column that is equal for records of one person. Default: ent, cluster or the like.")
@click.option("--map", "mapped", multiple=True, metavar="PART=COLUMN",
              help=f"Where a part stands: {', '.join(_PARTS)} or address. An empty COLUMN leaves it out.")  # fmt: skip
@json_option
def duplicates(file: Path, *, truth: str | None, mapped: Sequence[str], as_json: bool) -> None:
    """Compare the records of FILE with each other, and the result with the truth."""
    table = read_table(file)
    label = truth or table.required_like(*_TRUTH)
    table.require(label)
    columns = _columns(table, mapped)
    people = [_person(row, columns) for row in table.rows]
    report = _report(people, [row[label] for row in table.rows])
    used = ", ".join(f"{part}: {' + '.join(names)}" for part, names in columns.items())
    tell(report, _WORDS, [f"Compared by {used}."], as_json=as_json)


def _columns(table: Table, mapped: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns of each part: as they are called, or as they were mapped."""
    found: dict[str, tuple[str, ...]] = {
        part: (name,) for part, names in _PARTS.items() if (name := table.column_like(*names))
    }
    if address := tuple(name for each in _ADDRESS if (name := table.column_like(each))):
        found["address"] = address
    for each in mapped:
        part, mark, column = each.partition("=")
        if not mark or part not in (*_PARTS, "address"):
            raise BadFile(f"--map {each}: write PART=COLUMN, with one of {', '.join(_PARTS)}, address.")
        found.pop(part, None)
        if column:
            table.require(column)
            found[part] = (column,)
    if not found.keys() & {"first", "last", "phone", "email"}:
        raise BadFile(f"{table.path}: neither names nor phone nor e-mail are found. Say where they stand with --map.")
    return found


def _person(row: Mapping[str, str], columns: Mapping[str, Sequence[str]]) -> Person:
    return person_of({part: " ".join(filter(None, (row[name] for name in names))) for part, names in columns.items()})


def _report(people: Sequence[Person], truth: Sequence[str]) -> Report:
    matcher = stored_matcher()
    right = found = review = compared = 0
    for one, other in candidates(people):
        compared += 1
        verdict = likeness(matcher.probability(people[one], people[other]))
        review += verdict is Likeness.REVIEW
        if verdict is Likeness.DUPLICATE:
            found += 1
            right += truth[one] == truth[other]
    true_pairs = sum(count * (count - 1) // 2 for count in Counter(truth).values())
    if not true_pairs:
        raise BadFile("No two records have the same truth, so there is nothing to find.")
    figures = {
        "precision": right / found if found else 0.0,
        "recall": right / true_pairs,
        "pairs": found,
        "review": review,
        "true_pairs": true_pairs,
        "compared": compared,
        "rows": len(people),
    }
    return Report(figures, _TARGETS, machine())
