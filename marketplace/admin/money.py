"""Money health: whether the books hold, where all money stands, what still waits for Stripe, the newest entries."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import insights
from marketplace.admin.staff import staff
from marketplace.billing import ProposalState, calls, inbox, oversight, proposals
from marketplace.kit.db import transaction
from marketplace.kit.errors import TooMany
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.ledger import ACCOUNT_NAMES, ENTRY_NAMES, blocks, heads
from marketplace.people import Power

blueprint = Blueprint("admin_money", __name__, url_prefix="/admin/money")

_ENTRIES, _RUNS, _PROPOSALS = 20, 7, 25


@blueprint.get("")
def show() -> str:
    who = staff(Power.LEDGER_READ)
    health = insights.health_for(who)
    return render_template(
        "admin/money.html",
        findings=health.findings,
        broken=[finding for finding in health.findings if not finding.holds],
        checked_at=health.at,
        standings=insights.standing_for(who),
        waiting=insights.waiting_for(who),
        calls=oversight.open_calls_for(who),
        webhooks=oversight.webhooks_for(who),
        is_resting=oversight.is_resting_for(who),
        to_answer=oversight.chargebacks_to_answer(who),
        proposals=len(proposals.proposals_for(who, Ask(limit=_PROPOSALS), state=ProposalState.OPEN).items),
        can_write=who.can(Power.MONEY_WRITE),
        queue=insights.queue_figures(),
        runs=insights.last_runs(_RUNS),
        run_counts=insights.run_counts(),
        chain={"head": blocks.head(), "waiting": blocks.waiting(), "announced": heads.last_announced()},
        account_names=ACCOUNT_NAMES,
        entry_names=ENTRY_NAMES,
        books=insights.entries_for(who, Ask(request.args.get("cursor"), _ENTRIES)),
    )


@blueprint.post("/checks")
def check() -> Response:
    """Have every rule checked now, without waiting for it."""
    who = staff(Power.LEDGER_READ)
    try:
        with transaction():
            insights.ask_check(who)
    except TooMany as why:
        flash(str(why), "warning")
    else:
        flash(_("All rules are being checked. The result will be here in a moment."), "success")
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


@blueprint.post("/calls/<uuid:call_id>/look-up")
def look_up(call_id: UUID) -> Response:
    """Find out now what came of a call: the same call again under its key, or a look at Stripe's objects."""
    staff(Power.MONEY_WRITE)
    calls.perform_by_itself(call_id)
    flash(_("Asked again. The result is shown here."), "success")
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


@blueprint.post("/webhooks/<uuid:event_id>/replay")
def replay(event_id: UUID) -> Response:
    who = staff(Power.MONEY_WRITE)
    with transaction():
        inbox.replay(who, event_id)
    flash(_("It is handled once more."), "success")
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)
