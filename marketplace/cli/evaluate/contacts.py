"""`fairlead evaluate contacts`: are wrong phones and addresses refused, and right ones let through?"""

from pathlib import Path

import click

from marketplace.bench.report import Report, machine
from marketplace.checks import Code, check_email, check_phone
from marketplace.cli.evaluate.table import BadFile, Table, read_table
from marketplace.cli.evaluate.telling import FILE, json_option, tell

_EXPECTED = {"valid": True, "invalid": False}
_WRONG = frozenset({Code.EMAIL_INVALID, Code.PHONE_INVALID, Code.PHONE_FICTITIOUS})
_SHOWN = 10
_WORDS = {
    "wrong_accepted": "invalid ones taken for valid",
    "wrong_refused": "valid ones refused",
    "rows": "contacts checked",
}


@click.command()
@click.argument("file", type=FILE)
@json_option
def contacts(file: Path, *, as_json: bool) -> None:
    """Check each phone and e-mail of FILE (columns kind, value, country, expected) as at the intake of leads."""
    table = read_table(file)
    table.require("kind", "value", "expected")
    accepted: list[int] = []
    refused: list[int] = []
    for number, row in enumerate(table.rows, start=1):
        is_valid = _expected(table, number, row["expected"])
        if is_accepted(row["kind"].strip().lower(), row["value"], row.get("country", "")) != is_valid:
            (refused if is_valid else accepted).append(number)
    figures = {"wrong_accepted": len(accepted), "wrong_refused": len(refused), "rows": len(table.rows)}
    report = Report(figures, {"wrong_accepted": {"max": 1}}, machine())
    lines = [_where(word, found) for word, found in (("taken", accepted), ("refused", refused)) if found]
    tell(report, _WORDS, lines, as_json=as_json)


def is_accepted(kind: str, value: str, country: str) -> bool:
    """Whether the value could be a contact at all: a throw-away mailbox or a costly number is one. Raises BadFile."""
    if kind not in ("email", "phone"):
        raise BadFile(f"kind is {kind!r}; write email or phone.")
    result = check_email(value) if kind == "email" else check_phone(value, country.strip() or None)
    return bool(value.strip()) and result.reason not in _WRONG


def _expected(table: Table, number: int, text: str) -> bool:
    found = _EXPECTED.get(text.strip().lower())
    if found is None:
        raise BadFile(f"{table.path}: row {number}: expected is {text!r}; write valid or invalid.")
    return found


def _where(word: str, rows: list[int]) -> str:
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return f"Wrongly {word}: rows {', '.join(map(str, rows[:_SHOWN]))}{more}."
