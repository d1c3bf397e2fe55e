"""Disputes for both parties: the buyer says what is wrong, the agency answers, both read the decision."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import disputes, orders
from marketplace.checks import facts_of
from marketplace.disputes import Appeal, Dispute, Reason, Upload, corrections, deposits
from marketplace.disputes.corrections.rules import FIELDS, can_be_offered
from marketplace.disputes.reasons import Ground, Proof, asks_file, reasons_for
from marketplace.disputes.rules import ANSWER_TIME, DECISION_TIME, ENDS, appeal_hindrance, hindrance
from marketplace.disputes.schemas import DisputeIn, WordsIn
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.orders import OrderLine
from marketplace.orders.rules import release_of
from marketplace.people import Power, Who, queries
from marketplace.quality.buyers import standings_of
from marketplace.web import dispute_weights
from marketplace.web.evidence import attachment, picture, uploads
from marketplace.web.session import who

blueprint = Blueprint("disputes", __name__)

_ROWS = 25
_OK, _SEE_OTHER = 200, 303
_TABS: Mapping[str, tuple[str, ...]] = {"open": ("open",), "answered": ("answered",), "ended": tuple(sorted(ENDS))}


@blueprint.get("/disputes")
def index() -> str | Response:
    reader = who()
    if reader.is_staff:
        return redirect(url_for("admin_disputes.index"))
    counts = disputes.counts_by_state(reader)
    tab = request.args.get("state", "")
    page = disputes.disputes_for(reader, Ask(request.args.get("cursor"), _ROWS), states=_TABS.get(tab, ()))
    return render_template("disputes/index.html", page=page, tabs=_tabs(reader, counts, tab), state=tab)


@blueprint.get("/orders/<uuid:order_id>/dispute")
def new(order_id: UUID) -> Response | tuple[str, int]:
    buyer = who()
    buyer.need(Power.DISPUTES_WRITE)
    line, newest = orders.line_for(buyer, order_id), disputes.of_order(buyer, order_id)
    if newest and newest.is_open:
        return to_case(newest.id)
    refusal = hindrance(line.order, newest, clock.now())
    if refusal:
        return render_template("disputes/closed.html", line=line, dispute=newest, refusal=refusal), refusal.status
    return _form(line)


@blueprint.post("/orders/<uuid:order_id>/dispute")
def create(order_id: UUID) -> Response | tuple[str, int]:
    buyer = who()
    try:
        given = read_form(DisputeIn(), request.form)
        with transaction():
            dispute = disputes.open_dispute(buyer, order_id, **given, files=uploads(request))
    except Refusal as why:
        newest = disputes.of_order(buyer, order_id)
        return to_case(newest.id) if newest and newest.is_open else _form(orders.line_for(buyer, order_id), why)
    flash(_("Your dispute is open. The agency has been told."), "success")
    return to_case(dispute.id)


@blueprint.get("/disputes/<uuid:dispute_id>")
def show(dispute_id: UUID) -> Response | tuple[str, int]:
    if who().is_staff:
        return redirect(url_for("admin_disputes.show", dispute_id=dispute_id))
    return case_page(dispute_id)


@blueprint.post("/disputes/<uuid:dispute_id>/answer")
def answer(dispute_id: UUID) -> Response | tuple[str, int]:
    return _say(disputes.answer, dispute_id, _("Your answer is in. The buyer and we can read it."))


@blueprint.post("/disputes/<uuid:dispute_id>/appeal")
def appeal(dispute_id: UUID) -> Response | tuple[str, int]:
    done = _("Your appeal is in. Somebody who has not decided yet will decide it.")
    return _say(disputes.appeal, dispute_id, done)


@blueprint.post("/disputes/<uuid:dispute_id>/appeal/answer")
def answer_appeal(dispute_id: UUID) -> Response | tuple[str, int]:
    return _say(disputes.answer_appeal, dispute_id, _("Your answer to the appeal is in."))


@blueprint.post("/disputes/<uuid:dispute_id>/evidence")
def add_evidence(dispute_id: UUID) -> Response | tuple[str, int]:
    try:
        with transaction():
            disputes.add_evidence(who(), dispute_id, uploads(request))
    except Refusal as why:
        return case_page(dispute_id, why)
    return to_case(dispute_id)


@blueprint.post("/disputes/<uuid:dispute_id>/withdrawal")
def withdraw(dispute_id: UUID) -> Response:
    with transaction():
        disputes.withdraw(who(), dispute_id)
    flash(_("The dispute is withdrawn. The money is held until the window closes."), "success")
    return to_case(dispute_id)


@blueprint.post("/disputes/<uuid:dispute_id>/concession")
def concede(dispute_id: UUID) -> Response:
    with transaction():
        disputes.concede(who(), dispute_id)
    flash(_("You agreed with the buyer: the whole price went back."), "success")
    return to_case(dispute_id)


@blueprint.get("/disputes/<uuid:dispute_id>/evidence/<uuid:evidence_id>")
def evidence(dispute_id: UUID, evidence_id: UUID) -> Response:
    return attachment(*disputes.open_for(who(), dispute_id, evidence_id))


@blueprint.get("/disputes/<uuid:dispute_id>/evidence/<uuid:evidence_id>/picture")
def shown_picture(dispute_id: UUID, evidence_id: UUID) -> Response:
    return picture(disputes.picture_for(who(), dispute_id, evidence_id))


def _say(
    act: Callable[[Who, UUID, str, Sequence[Upload]], object], dispute_id: UUID, done: str
) -> Response | tuple[str, int]:
    """A party's words and files go to `act`; `done` tells the party that they arrived."""
    party = who()
    try:
        words = read_form(WordsIn(), request.form)["statement"]
        with transaction():
            act(party, dispute_id, words, uploads(request))
    except Refusal as why:
        return case_page(dispute_id, why)
    flash(done, "success")
    return to_case(dispute_id)


def to_case(dispute_id: UUID) -> Response:
    """Back to the page of a dispute."""
    return redirect(url_for("disputes.show", dispute_id=dispute_id), _SEE_OTHER)


def _tabs(reader: Who, counts: Mapping[str, int], tab: str) -> list[dict[str, Any]]:
    open_word = _("Answer wanted") if reader.is_agency else _("Waits for the agency")
    words = {"": _("All"), "open": open_word, "answered": _("Being decided"), "ended": _("Ended")}
    return [
        {
            "label": label,
            "href": url_for(".index", state=name or None),
            "count": sum(counts.get(state, 0) for state in _TABS.get(name, tuple(counts))),
            "current": name == tab,
        }
        for name, label in words.items()
    ]


def _form(line: OrderLine, refusal: Refusal | None = None) -> tuple[str, int]:
    now = clock.now()
    page = render_template(
        "disputes/new.html",
        line=line,
        demand=(demand := deposits.demand_of(line.order)),
        reasons=[
            _choice(reason, ground, strict=demand.is_strict)
            for reason, ground in reasons_for(line.order.pricing, line.lead.checks).items()
        ],
        answer_by=now + ANSWER_TIME,
        decide_by=now + ANSWER_TIME + DECISION_TIME,
        refusal=refusal,
    )
    return page, refusal.status if refusal else _OK


def _choice(reason: Reason, ground: Ground, *, strict: bool) -> dict[str, str]:
    """A reason as the list shows it: what it needs, what helps, and what is asked for."""
    asked = {
        Proof.OURS: (_("we check it"), "pos"),
        Proof.WORDS: (_("your words"), "dim"),
        Proof.SHOWN: (_("a file, now or later"), "dim"),
        Proof.CALLS: (_("4 calls are needed"), "warn"),
    }
    have, tone = (_("a file is needed"), "warn") if asks_file(reason, strict=strict) else asked[ground.proof]
    needs = f"{_(ground.needs)} {_('Helps:')} {_(ground.helps)}"
    return {"value": reason.value, "label": _(ground.name), "needs": needs, "have": have, "tone": tone}


def case_page(dispute_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    """The page of a dispute, with what was refused on it. A buyer that tries a correction reads it: that is logged."""
    reader = who()
    with transaction():
        line = disputes.line_for(reader, dispute_id)
        correcting = _correcting(reader, line.dispute)
    appeals = disputes.appeals_of(line.dispute)
    page = render_template(
        "disputes/show.html",
        line=line,
        appeals=appeals,
        brought={each.id: Money(each.amount_cents or 0, line.order.currency) for each in appeals},
        **_appealing(reader, line.dispute, appeals),
        **correcting,
        agency=queries.card(line.dispute.agency_id),
        evidence=disputes.evidence_of(line.dispute),
        facts=facts_of(line.lead.checks),
        standing=standings_of([line.order.buyer_id])[line.order.buyer_id] if reader.is_agency else None,
        **dispute_weights.read(line.dispute),
        can_act=line.dispute.is_open and reader.can(Power.DISPUTES_WRITE),
        now=clock.now(),
        refusal=refusal,
        loss=_loss(line.order.price, line.order.fee_bp),
    )
    return page, refusal.status if refusal else _OK


def _appealing(reader: Who, dispute: Dispute, appeals: Sequence[Appeal]) -> dict[str, bool]:
    """Whether the reader may appeal, and whether the other side's appeal waits for the reader's words."""
    mine = next((each for each in appeals if each.side == reader.org_kind), None)
    theirs = next((each for each in appeals if each.side != reader.org_kind), None)
    may = reader.can(Power.DISPUTES_WRITE)
    return {
        "can_appeal": may and appeal_hindrance(dispute, str(reader.org_kind), mine, clock.now()) is None,
        "can_answer_appeal": may and theirs is not None and theirs.is_open and not theirs.answered_at,
    }


def _correcting(reader: Who, dispute: Dispute) -> dict[str, Any]:
    """The correction, if one was offered; or the fields in which the reader may offer one."""
    row, may = corrections.of_dispute(dispute), reader.can(Power.DISPUTES_WRITE)
    can_offer = may and reader.is_agency and row is None and can_be_offered(dispute, clock.now())
    return {
        "correction": row,
        "offered": corrections.offered_value(reader, dispute, row) if may else None,
        "mendable": [(name, str(_(FIELDS[name]))) for name in corrections.mendable_of(dispute)] if can_offer else [],
        "field_names": FIELDS,
    }


def _loss(price: Money, fee_bp: int) -> Money:
    """What the agency would lose by agreeing: the price without our fee."""
    return Money(release_of(price.amount, fee_bp, 0).payable, price.currency)
