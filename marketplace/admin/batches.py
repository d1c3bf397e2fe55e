"""Batches of paid fillers: proposed with the list and the money in view, decided by a second person."""

from collections import Counter
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import disputes
from marketplace.admin.staff import staff
from marketplace.disputes import batches
from marketplace.disputes.batches import BatchKind
from marketplace.disputes.batches.schemas import BatchIn, BatchRefusalIn
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import ngettext
from marketplace.kit.i18n import noted as _n
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.people import Power, Who, queries

blueprint = Blueprint("admin_batches", __name__, url_prefix="/admin")

_ROWS = 50
KINDS = {
    BatchKind.IMPORT: _n("All leads of the same file"),
    BatchKind.SUB_ID: _n("All leads of the same sub-ID on the same day"),
    BatchKind.CAMPAIGN: _n("All leads of the same campaign"),
}


@blueprint.get("/batches")
def index() -> str:
    who = staff(Power.DISPUTES_DECIDE)
    page = batches.batches_for(who, Ask(request.args.get("cursor"), _ROWS))
    names = queries.names_of(who, set(), {batch.agency_id for batch in page.items})
    return render_template("admin/batches.html", page=page, names=names, kinds=KINDS)


@blueprint.get("/disputes/<uuid:dispute_id>/batch")
def new(dispute_id: UUID) -> tuple[str, int]:
    return _form(staff(Power.DISPUTES_DECIDE), dispute_id)


@blueprint.post("/disputes/<uuid:dispute_id>/batch")
def propose(dispute_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.DISPUTES_DECIDE)
    try:
        given = read_form(BatchIn(), request.form)
        with transaction():
            batch_id = batches.propose(who, dispute_id, **given).id
    except Refusal as why:
        return _form(who, dispute_id, why)
    flash(_("Proposed. Another member of staff decides."), "success")
    return redirect(url_for(".show", batch_id=batch_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/batches/<uuid:batch_id>")
def show(batch_id: UUID) -> tuple[str, int]:
    return _page(staff(Power.DISPUTES_DECIDE), batch_id)


@blueprint.post("/batches/<uuid:batch_id>/approval")
def approve(batch_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.MONEY_WRITE)
    try:
        with transaction():
            batches.approve(who, batch_id)
    except Refusal as why:
        return _page(who, batch_id, why)
    flash(_("Approved. The money goes back now, order by order."), "success")
    return redirect(url_for(".show", batch_id=batch_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/batches/<uuid:batch_id>/refusal")
def refuse(batch_id: UUID) -> Response | tuple[str, int]:
    who = staff(Power.DISPUTES_DECIDE)
    try:
        reason = read_form(BatchRefusalIn(), request.form)["reason"]
        with transaction():
            batches.refuse(who, batch_id, reason)
    except Refusal as why:
        return _page(who, batch_id, why)
    flash(_("Nothing is taken back."), "success")
    return redirect(url_for(".show", batch_id=batch_id), HTTPStatus.SEE_OTHER)


def _form(who: Who, dispute_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    dispute = disputes.find_for(who, dispute_id)
    kinds = batches.kinds_of(dispute) if batches.is_proof(dispute) else {}
    page = render_template(
        "admin/batch_new.html",
        dispute=dispute,
        kinds=[
            {"value": kind.value, "label": _(KINDS[kind]), "note": _note(mark, batches.size_of(dispute, kind))}
            for kind, mark in kinds.items()
        ],
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _note(mark: str, count: int) -> str:
    leads = ngettext("%(num)s lead", "%(num)s leads", count)
    return f"{mark} · {leads}" if mark else leads


def _page(who: Who, batch_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    batch = batches.find_for(who, batch_id)
    proof = disputes.find_for(who, batch.dispute_id)
    page = render_template(
        "admin/batch.html",
        batch=batch,
        kind=KINDS[BatchKind(batch.kind)],
        lines=batches.lines_of(batch, Ask(request.args.get("cursor"), _ROWS)),
        refusal=refusal,
        final_from=proof.appeal_until if batches.is_appealable(proof) else None,
        can_approve=who.can(Power.MONEY_WRITE) and batch.proposed_by != who.user_id,
        **_extent(batch),
        names=queries.names_of(
            who, {each for each in (batch.proposed_by, batch.decided_by) if each}, {batch.agency_id}
        ),
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _extent(batch: batches.Batch) -> dict[str, Any]:
    extent = batches.extent_of(batch)
    orders, cents = Counter[str](), Counter[str]()
    for *_parties, currency, count, amount in batches.totals_by_org(batch):
        orders[currency] += count
        cents[currency] += amount
    given = {currency: (orders[currency], cents[currency]) for currency in orders}
    sides = {
        name: [(count, Money(amount, currency)) for currency, (count, amount) in side.items()]
        for name, side in (("back", extent.back), ("claw_back", extent.claw_back), ("given", given))
    }
    return {"extent": extent, **sides}
