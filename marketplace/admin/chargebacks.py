"""Chargebacks for staff: which payments banks take back, what was frozen for each, and our answer to the bank."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import insights, orders
from marketplace.admin.staff import staff
from marketplace.billing import oversight
from marketplace.billing.actions import chargebacks
from marketplace.billing.chargeback_schemas import AnswerIn
from marketplace.billing.errors import AnswerOver
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import ngettext
from marketplace.kit.paging import Ask
from marketplace.kit.render import moment
from marketplace.ledger import ACCOUNT_NAMES, ENTRY_NAMES
from marketplace.people import Power, Who, queries
from marketplace.people.queries.ties import has_ties

blueprint = Blueprint("admin_chargebacks", __name__, url_prefix="/admin/money/chargebacks")

_ROWS = 25


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
    except (Invalid, AnswerOver) as why:
        return _page(who, chargeback_id, why)
    flash(_("The answer is on its way to the bank."), "success")
    return redirect(url_for(".show", chargeback_id=chargeback_id), HTTPStatus.SEE_OTHER)


def _page(who: Who, chargeback_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    line = oversight.chargeback_for(who, chargeback_id)
    page = render_template(
        "admin/chargeback.html",
        line=line,
        orders=orders.answering_for(who, chargeback_id, Ask(request.args.get("cursor"), _ROWS)),
        books=insights.entries_for(who, Ask(limit=_ROWS), reference_id=chargeback_id),
        account_names=ACCOUNT_NAMES,
        entry_names=ENTRY_NAMES,
        draft=_draft(who, line),
        refusal=refusal,
        errors=refusal.fields if refusal else {},
        can_write=who.can(Power.MONEY_WRITE) and not has_ties(who.user_id, [line.buyer.id]),
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _draft(who: Who, line: oversight.ChargebackLine) -> str:
    """The answer as it could begin: only what our records say."""
    use = orders.chargebacks.use_since(who, line.buyer.id, line.paid_at)
    amount, when = line.chargeback.amount, moment(line.paid_at)
    said = [
        _(
            "%(buyer)s paid %(amount)s into its wallet with us on %(when)s.",
            buyer=line.buyer.name,
            amount=amount,
            when=when,
        )
    ]
    if queries.has_accepted(line.buyer.id):
        said.append(_("It has accepted our terms."))
    if use.first_at and use.last_at:
        times = {"first": moment(use.first_at), "last": moment(use.last_at)}
        said.append(
            ngettext(
                "Since then it has bought %(num)s lead, on %(first)s.",
                "Since then it has bought %(num)s leads, the first on %(first)s, the last on %(last)s.",
                use.bought,
                **times,
            )
        )
    else:
        said.append(_("It has bought nothing since then."))
    if use.opened:
        said.append(
            ngettext("It has opened %(num)s contact.", "It has opened contacts %(num)s times.", use.opened)
            + " "
            + _("Each time is logged.")
        )
    return " ".join(said)
