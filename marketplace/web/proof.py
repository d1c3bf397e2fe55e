"""The proof, for everybody: how good leads, decisions and agencies are, and that the books hold."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template

from marketplace import insights
from marketplace.insights import INVARIANTS, CheckRun, measured
from marketplace.ledger import blocks, heads
from marketplace.ledger.digests import FORM
from marketplace.quality.fraud import CALIBRATED_FROM
from marketplace.quality.reliability import Source, Table
from marketplace.web.measured import WAYS, money_told

blueprint = Blueprint("proof", __name__, url_prefix="/proof")


@blueprint.get("")
def show() -> str:
    count, run = measured.last_count(), insights.last_run()
    return render_template(
        "proof/show.html",
        count=count,
        figures=count.figures if count else None,
        by_lot=_by_lot(count.figures) if count else [],
        needed=CALIBRATED_FROM,
        money=money_told(count.figures) if count else [],
        ways=WAYS,
        head=blocks.head(),
        run=run,
        rules=_rules(run),
    )


@blueprint.get("/books")
def books() -> str:
    run = insights.last_run()
    runs, failed, since = insights.run_counts()
    return render_template(
        "proof/books.html",
        head=blocks.head(),
        waiting=blocks.waiting(),
        announced=heads.last_announced(),
        run=run,
        rules=_rules(run),
        runs=runs,
        failed=failed,
        since=since,
        form=FORM,
    )


def _by_lot(figures: Mapping[str, Any]) -> list[Table]:
    """The table of calls drawn by lot, of all trades together."""
    tables = [each for each in figures["calibration"] if each["source"] == Source.AUDITS and each["vertical"] is None]
    return [Table.of_json(each) for each in tables]


def _rules(run: CheckRun | None) -> list[dict[str, Any]]:
    """Each rule with how it stood in the run; one that the run did not know yet is unknown."""
    checked, broken = (frozenset(run.rules), run.broken_codes) if run else (frozenset(), frozenset())
    return [
        {
            "code": each.code,
            "title": each.title,
            "result": "unknown" if each.code not in checked else "failed" if each.code in broken else "passed",
        }
        for each in INVARIANTS
    ]
