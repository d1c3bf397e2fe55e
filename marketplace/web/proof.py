"""The proof, for everybody: how good leads, decisions and agencies are, and that the books hold."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request

from marketplace import insights
from marketplace.catalog import VERTICALS
from marketplace.disputes.reviews.rules import ONE_IN
from marketplace.insights import INVARIANTS, CheckRun, measured
from marketplace.kit.i18n import gettext as _
from marketplace.ledger import blocks, heads
from marketplace.ledger.digests import FORM
from marketplace.quality.fraud import CALIBRATED_FROM
from marketplace.quality.reliability import Source, Table
from marketplace.web import words
from marketplace.web.measured import WAYS, money_told

blueprint = Blueprint("proof", __name__, url_prefix="/proof")


@blueprint.get("")
def show() -> str:
    count, run = measured.last_count(), insights.last_run()
    source, trade = _asked()
    return render_template(
        "proof/show.html",
        count=count,
        figures=count.figures if count else None,
        table=_table(count.figures, source, trade) if count else None,
        source=source,
        trade=trade,
        trades=[("", _("All trades")), *((slug, words.trade(slug)) for slug in VERTICALS)],
        needed=CALIBRATED_FROM,
        money=money_told(count.figures) if count else [],
        ways=WAYS,
        one_in=ONE_IN,
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


def _asked() -> tuple[Source, str | None]:
    """The table that the address names: `truth` and `trade`. Calls drawn by lot and all trades where it names none."""
    truth, trade = request.args.get("truth", ""), request.args.get("trade", "")
    source = next((each for each in Source if each == truth), Source.AUDITS)
    return source, trade if trade in VERTICALS else None


def _table(figures: Mapping[str, Any], source: Source, trade: str | None) -> Table | None:
    """What was said against what came, by one source and of one trade; None while there is no outcome of it."""
    found = (each for each in figures["calibration"] if (each["source"], each["vertical"]) == (source, trade))
    return next(map(Table.of_json, found), None)


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
