"""Chargebacks for staff: which payments banks take back, what was frozen for each, and our answer to the bank."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import insights, orders
from marketplace.admin.staff import staff
from marketplace.billing import oversight
from marketplace.billing.actions import chargebacks
from marketplace.billing.chargeback_schemas import AnswerIn
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.ledger import ACCOUNT_NAMES, ENTRY_NAMES
from marketplace.people import Power, Who

blueprint = Blueprint("admin_chargebacks", __name__, url_prefix="/admin/money/chargebacks")

_ROWS = 25
_OK, _SEE_OTHER = 200, 303


@blueprint.get("")
def index() -> str:
    who = staff(Power.LEDGER_READ)
    page = oversight.chargebacks_for(who, Ask(request.args.get("cursor"), _ROWS))
    return render_template("admin/chargebacks.html", page=page, now=clock.now())


@blueprint.get("/<uuid:chargeback_id>")
def show(chargeback_id: UUID) -> tuple[str, int]:
    return _page(staff(Power.LEDGER_READ), chargeback_id)


@blueprint.post("/<uuid:chargeback_id>/answer")
def answer(chargeback_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.MONEY_WRITE)
    try:
        words = read_form(AnswerIn(), request.form)["words"]
        with transaction():
            chargebacks.answer(who, chargeback_id, words)
    except Refusal as why:
        return _page(who, chargeback_id, why)
    flash(_("The answer is on its way to the bank."), "success")
    return redirect(url_for(".show", chargeback_id=chargeback_id), _SEE_OTHER)


def _page(who: Who, chargeback_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line = oversight.chargeback_for(who, chargeback_id)
    page = render_template(
        "admin/chargeback.html",
        line=line,
        orders=orders.answering_for(who, chargeback_id),
        books=insights.entries_for(who, Ask(limit=_ROWS), reference_id=chargeback_id),
        account_names=ACCOUNT_NAMES,
        entry_names=ENTRY_NAMES,
        draft=_draft(line),
        refusal=refusal,
        errors=refusal.fields if refusal else {},
        can_write=who.can(Power.MONEY_WRITE),
    )
    return page, refusal.status if refusal else _OK


def _draft(line: oversight.ChargebackLine) -> Any:
    """The answer as it could begin: what every case has in common."""
    return _(
        "The payer is a business customer, %(buyer)s, that agreed to our terms and paid %(amount)s into a prepaid"
        " wallet through your cardholder authentication. It then bought and received sales leads with it. Access to"
        " each of them is logged. Unspent money can be refunded to the card at any time; nobody asked for that.",
        buyer=line.buyer.name,
        amount=line.chargeback.amount,
    )
