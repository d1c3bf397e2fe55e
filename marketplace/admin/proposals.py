"""What is booked by hand: proposed by one member of staff with the entry it would write, agreed to by another."""

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.admin.staff import staff
from marketplace.billing import Proposal, ProposalState, proposals
from marketplace.billing.corrections import ADJUSTABLE
from marketplace.billing.proposal_schemas import ProposalIn, RefusalIn, asked
from marketplace.billing.rules import ALONE, CURRENCIES, TOGETHER
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import InEach, parse_money
from marketplace.kit.once import once
from marketplace.kit.paging import Ask
from marketplace.ledger import ACCOUNT_NAMES
from marketplace.people import Power, Who, queries

blueprint = Blueprint("admin_proposals", __name__, url_prefix="/admin/money/corrections")

_ROWS = 25


@blueprint.get("")
def index() -> tuple[str, int]:
    return _page(staff(Power.LEDGER_READ))


@blueprint.post("")
def propose() -> Response | tuple[str, int]:
    who = staff(Power.MONEY_WRITE)
    try:
        wanted = asked(read_form(ProposalIn(), request.form, **_typed()))
        with transaction():
            first = once(who.org_id, lambda: proposals.propose(who, **wanted).id, sorted(wanted.items()))
            made = proposals.proposal_for(who, first)
    except Refusal as why:
        return _page(who, why)
    if made.state == ProposalState.APPROVED:
        flash(_("Booked: %(amount)s.", amount=made.amount), "success")
    else:
        flash(_("Proposed. It is booked when another member of staff agrees."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@blueprint.post("/<uuid:proposal_id>/approval")
def approve(proposal_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.MONEY_WRITE)
    try:
        with transaction():
            done = proposals.approve(who, proposal_id)
    except Refusal as why:
        return _page(who, why)
    flash(_("Booked: %(amount)s.", amount=done.amount), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@blueprint.post("/<uuid:proposal_id>/refusal")
def refuse(proposal_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.MONEY_WRITE)
    try:
        reason = read_form(RefusalIn(), request.form)["reason"]
        with transaction():
            proposals.refuse(who, proposal_id, reason)
    except Refusal as why:
        return _page(who, why, proposal_id)
    flash(_("Nothing was booked."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _typed() -> dict[str, Any]:
    """What the form's fields put together: the amount, and for an adjustment its two sides. Raises Invalid."""
    form = request.form
    try:
        amount = parse_money(form.get("amount", ""), form.get("currency", ""))
    except ValueError as error:
        raise Invalid(fields={"amount": _("Give an amount, like 75.00.")}) from error
    if form.get("kind") != "adjustment":
        return {"amount": amount}
    sides = {
        side: {"account": form.get(f"{side}_account", ""), "owner": form.get(f"{side}_owner", "").strip() or None}
        for side in ("debit", "credit")
    }
    return {"amount": amount, **sides}


def _page(who: Who, refusal: Refusal | None = None, refused: UUID | None = None) -> tuple[str, int]:
    """The page; after a refusal with what was typed, in the form of the proposal `refused` or in that of a new one."""
    waiting = proposals.proposals_for(who, Ask(limit=_ROWS), state=ProposalState.OPEN).items
    ended = proposals.proposals_for(who, Ask(request.args.get("cursor"), _ROWS), state=ProposalState.APPROVED)
    shown = [*waiting, *ended.items]
    users = {person for each in shown for person in (each.proposed_by, each.decided_by) if person}
    orgs = {org for each in shown for org in each.org_ids}
    page = render_template(
        "admin/proposals.html",
        waiting=[_waiting(each) for each in waiting],
        ended=ended,
        acts=proposals.acts(),
        kinds=[(kind, str(act.name)) for kind, act in proposals.acts().items()],
        names=queries.names_of(who, users, orgs),
        account_names=ACCOUNT_NAMES,
        accounts=[(account.value, str(ACCOUNT_NAMES[account])) for account in ADJUSTABLE],
        currencies=[(code, code) for code in CURRENCIES],
        alone=InEach(ALONE),
        together=InEach(TOGETHER),
        values=request.form if refusal and not refused else request.args,
        refused=refused,
        errors=refusal.fields if refusal else {},
        refusal=refusal,
        can_write=who.can(Power.MONEY_WRITE),
        key=uuid4(),
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _waiting(proposal: Proposal) -> dict[str, Any]:
    """An open proposal with the entry that it would write now, or why it cannot be done any more."""
    try:
        return {"proposal": proposal, "draft": proposals.draft_of(proposal), "hindrance": ""}
    except Refusal as why:
        return {"proposal": proposal, "draft": None, "hindrance": str(why)}
