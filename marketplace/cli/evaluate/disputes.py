"""`fairlead evaluate disputes`: which disputes the published rules decide by themselves, and how often wrongly."""

from collections.abc import Mapping
from pathlib import Path

import click

from marketplace.bench.report import Bound, Report, machine
from marketplace.cli.evaluate.table import BadFile, Table, read_table
from marketplace.cli.evaluate.telling import FILE, json_option, tell
from marketplace.kit.text import fold
from marketplace.quality.disputes import Evidence, Finding, Found, Opinion, Verdict, judge, trust
from marketplace.quality.measures import OneOutcome, auc

#: words in a column's name that tell which evidence it holds; the first that fits counts
_HINTS: tuple[tuple[str, Evidence], ...] = (
    ("not me", Evidence.NOT_ME),
    ("notme", Evidence.NOT_ME),
    ("consumer", Evidence.NOT_ME),
    ("reached", Evidence.REACHED),
    ("bounce", Evidence.HARD_BOUNCE),
    ("dup", Evidence.DUPLICATE),
    ("consent", Evidence.CONSENT_BAD),
    ("attempt", Evidence.CALL_ATTEMPTS),
    ("calls", Evidence.CALL_ATTEMPTS),
    ("ask", Evidence.DID_NOT_ASK),
    ("record", Evidence.DID_NOT_ASK),
    ("text", Evidence.DID_NOT_ASK),
    ("recheck", Evidence.PHONE_RECHECK),
    ("phone", Evidence.PHONE_RECHECK),
)
_FOUND = {"present": Found.PRESENT, "absent": Found.ABSENT, "unknown": Found.UNKNOWN, "": Found.UNKNOWN}
_UPLOADED = "uploaded"  # present, in a file that a party sent
_SAYING = frozenset({*_FOUND, _UPLOADED} - {""})
_MOST_DECIDED = 1e5
_TRUTH = {"fake": True, "1": True, "true": True, "yes": True, "real": False, "0": False, "false": False, "no": False,
          "genuine": False, "good": False, "bad": True}  # fmt: skip
_TARGETS: Mapping[str, Mapping[Bound, float]] = {"auto_share": {"min": 0.47}, "auto_error": {"max": 0.005}}
_WORDS = {
    "auc": "AUC (a fake is given more than a real one)",
    "auto_share": "decided without a person, of all",
    "auto_error": "of these, decided wrongly",
    "upheld": "upheld without a person",
    "rejected": "rejected without a person",
    "rows": "disputes",
}


@click.command()
@click.argument("file", type=FILE)
@json_option
def disputes(file: Path, *, as_json: bool) -> None:
    """Judge each dispute of FILE by the published rules and compare with the truth.

    Columns: trust, or upheld and decided (the buyer's earlier disputes); agency_rate (the agency's share of faults);
    one a kind of evidence, with present, absent, unknown, or uploaded for a party's own file; truth (fake or real).
    """
    table = read_table(file)
    columns = _evidence(table)
    truth_column = table.required_like("truth", "fake", "is_fake", "label")
    rate_column = table.required_like("agency_rate", "theta_agency", "theta", "agency_fault_rate", "agency")
    opinions: list[Opinion] = []
    truths: list[bool] = []
    for number, row in enumerate(table.rows, start=1):
        findings = [_finding(table, number, evidence, row[name]) for name, evidence in columns.items()]
        opinions.append(judge(_trust(table, row), table.number(row, rate_column, 0, 1), findings))
        truths.append(_truth(table, number, row[truth_column]))
    ignored = [name for name in _holding_findings(table) if name not in columns]
    lines = [f"Evidence read from {', '.join(f'{name}: {evidence}' for name, evidence in columns.items())}."]
    lines += [f"Not used: “{name}”, which is no evidence known here." for name in ignored]
    tell(_report(table, opinions, truths, ignored), _WORDS, lines, as_json=as_json)


def _holding_findings(table: Table) -> list[str]:
    return [name for name in table.names if any(row[name].strip().lower() in _SAYING for row in table.rows)]


def _evidence(table: Table) -> dict[str, Evidence]:
    """The columns of evidence: by the rule's own name, or by a word in theirs. Raises BadFile."""
    known = {fold(evidence): evidence for evidence in Evidence}
    hints = [(fold(hint), evidence) for hint, evidence in _HINTS]
    found: dict[str, Evidence] = {}
    for name in _holding_findings(table):
        words = fold(name)
        evidence = known.get(words) or next((each for hint, each in hints if hint in words), None)
        if evidence in found.values():
            raise BadFile(
                f"{table.path}: two columns hold {evidence}. Call each by its own name: {', '.join(Evidence)}."
            )
        if evidence:
            found[name] = evidence
    if not found:
        raise BadFile(
            f"{table.path}: there is no evidence. Add columns with present, absent or unknown: {', '.join(Evidence)}."
        )
    return found


def _finding(table: Table, number: int, evidence: Evidence, text: str) -> Finding:
    word = text.strip().lower()
    if word == _UPLOADED:
        return Finding(evidence, Found.PRESENT, uploaded=True)
    if word not in _FOUND:
        raise BadFile(
            f"{table.path}: row {number}: {evidence} is {text!r}; write present, absent, unknown or uploaded."
        )
    return Finding(evidence, _FOUND[word])


def _trust(table: Table, row: Mapping[str, str]) -> float:
    if name := table.column_like("trust", "trust_buyer", "buyer_trust"):
        return table.number(row, name, 0, 1)
    upheld = table.required_like("upheld", "buyer_upheld", "trust_upheld", "upheld_before")
    decided = table.required_like("decided", "buyer_decided", "trust_decided", "decided_before")
    total = int(table.number(row, decided, 0, _MOST_DECIDED))
    won = int(table.number(row, upheld, 0, total))
    return trust([(True, 0.0)] * won + [(False, 0.0)] * (total - won))


def _truth(table: Table, number: int, text: str) -> bool:
    found = _TRUTH.get(text.strip().lower())
    if found is None:
        raise BadFile(f"{table.path}: row {number}: truth is {text!r}; write fake or real.")
    return found


def _report(table: Table, opinions: list[Opinion], truths: list[bool], ignored: list[str]) -> Report:
    upheld = [fake for each, fake in zip(opinions, truths, strict=True) if each.verdict is Verdict.UPHELD]
    rejected = [fake for each, fake in zip(opinions, truths, strict=True) if each.verdict is Verdict.REJECTED]
    decided = len(upheld) + len(rejected)
    wrong = upheld.count(False) + rejected.count(True)
    try:
        area = auc([int(fake) for fake in truths], [each.probability for each in opinions])
    except OneOutcome as why:
        raise BadFile(f"{table.path}: every dispute has the same truth. Bring fake and real ones.") from why
    figures = {
        "auc": area,
        "auto_share": decided / len(truths),
        "auto_error": wrong / decided if decided else 0.0,
        "upheld": len(upheld),
        "rejected": len(rejected),
        "rows": len(truths),
    }
    return Report(figures, _TARGETS, machine(), {"ignored": ignored})
