"""Payouts for staff: those under way, accounts that are stopped, Stripe's list beside our books, our own money."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.admin.staff import staff
from marketplace.billing import payouts as paying
from marketplace.billing import treasury
from marketplace.billing.payout_wording import ACCOUNT_STATES, STATES, hold_of, needs_of, why_words
from marketplace.billing.payouts import PayoutState
from marketplace.billing.treasury_schemas import ReasonIn
from marketplace.kit.db import transaction
from marketplace.kit.errors import Forbidden, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money, parse_money
from marketplace.kit.paging import Ask
from marketplace.people import Power
from marketplace.people.queries.ties import ties_of

blueprint = Blueprint("admin_payouts", __name__, url_prefix="/admin/money/payouts")

_ROWS = 50
_MOVING = [PayoutState.RESERVED, PayoutState.SENDING, PayoutState.UNKNOWN, PayoutState.SENT, PayoutState.FAILED]


@blueprint.get("")
def index() -> str:
    who = staff(Power.LEDGER_READ)
    moving = paying.payouts_for(who, Ask(limit=_ROWS), _MOVING).items
    stopped = paying.accounts_for(who, Ask(limit=_ROWS), held_only=True).items
    shown = {line.payout.org_id for line in moving} | {line.account.org_id for line in stopped}
    return render_template(
        "admin/payouts.html",
        moving=moving,
        stopped=stopped,
        near=ties_of(who.user_id, shown),
        treasuries=treasury.treasury_for(who),
        unmatched=treasury.unmatched_for(who),
        sweeps=treasury.sweeps_for(who, Ask(limit=_ROWS)).items,
        states=STATES,
        account_states=ACCOUNT_STATES,
        hold_of=hold_of,
        needs_of=needs_of,
        why_words=why_words,
        can_act=who.can(Power.MONEY_WRITE),
    )


@blueprint.post("/<uuid:payout_id>/taking")
def take_back(payout_id: UUID) -> Response:
    who = staff(Power.MONEY_WRITE)
    return _act(lambda reason: paying.take_back(who, payout_id, reason), _("It is being taken back."))


@blueprint.post("/accounts/<uuid:org_id>/release")
def let_go(org_id: UUID) -> Response:
    who = staff(Power.MONEY_WRITE)
    return _act(lambda reason: paying.let_account_go(who, org_id, reason), _("Payouts to it go on."))


@blueprint.post("/sweeps")
def sweep() -> Response:
    who = staff(Power.MONEY_WRITE)
    try:
        amount = parse_money(request.form.get("amount", ""), request.form.get("currency", "USD"))
    except ValueError:
        amount = Money(0, "USD")
    return _act(lambda reason: treasury.ask_sweep(who, amount, reason), _("It is on its way to our bank."))


def _act(act: Callable[[str], object], done: str) -> Response:
    try:
        reason = read_form(ReasonIn(), request.form)["reason"]
        with transaction():
            act(reason)
    except Forbidden:
        raise
    except Refusal as why:
        flash(" ".join([str(why), *map(str, why.fields.values())]), "warning")
    else:
        flash(done, "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
