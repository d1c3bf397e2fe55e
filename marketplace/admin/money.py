"""Money health: whether the books hold, where all money stands, what still waits for Stripe, the newest entries."""

from flask import Blueprint, render_template, request

from marketplace import insights
from marketplace.admin.staff import staff
from marketplace.kit import clock
from marketplace.kit.paging import Ask
from marketplace.ledger import ACCOUNT_NAMES, ENTRY_NAMES, blocks, heads
from marketplace.people import Power

blueprint = Blueprint("admin_money", __name__, url_prefix="/admin/money")

_ENTRIES, _RUNS = 20, 7


@blueprint.get("")
def show() -> str:
    who = staff(Power.LEDGER_READ)
    findings = insights.health_for(who)
    return render_template(
        "admin/money.html",
        findings=findings,
        broken=[finding for finding in findings if not finding.holds],
        checked_at=clock.now(),
        standings=insights.standing_for(who),
        waiting=insights.waiting_for(who),
        queue=insights.queue_figures(),
        runs=insights.last_runs(_RUNS),
        run_counts=insights.run_counts(),
        chain={"head": blocks.head(), "waiting": blocks.waiting(), "announced": heads.last_announced()},
        account_names=ACCOUNT_NAMES,
        entry_names=ENTRY_NAMES,
        books=insights.entries_for(who, Ask(request.args.get("cursor"), _ENTRIES)),
    )
