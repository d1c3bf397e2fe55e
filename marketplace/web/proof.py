"""The proof, for everybody: when the books were last checked and that they held, and the head of the chain."""

from typing import Any

from flask import Blueprint, render_template

from marketplace import insights
from marketplace.insights import INVARIANTS, CheckRun
from marketplace.ledger import blocks, heads
from marketplace.ledger.digests import FORM

blueprint = Blueprint("proof", __name__, url_prefix="/proof")


@blueprint.get("")
def show() -> str:
    run = insights.last_run()
    runs, failed, since = insights.run_counts()
    return render_template(
        "proof/show.html",
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
