"""The pages of a dispute for both parties: the form in which it is opened, and the case."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace import disputes
from marketplace.checks import facts_of
from marketplace.disputes import Appeal, Dispute, Reason, corrections, deposits
from marketplace.disputes.corrections.rules import FIELDS, can_be_offered
from marketplace.disputes.reasons import Ground, Proof, asks_file, reasons_for
from marketplace.disputes.rules import ANSWER_TIME, DECISION_TIME, appeal_hindrance
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.orders import OrderLine
from marketplace.orders.attempts import LEAST_TRIES
from marketplace.orders.rules import APPEAL, release_of
from marketplace.people import Power, Who, queries
from marketplace.quality.buyers import NEWEST, standings_of
from marketplace.web import dispute_weights
from marketplace.web.evidence import hint
from marketplace.web.session import who
from marketplace.web.shapes import HOUR


def to_case(dispute_id: UUID) -> Response:
    """Back to the page of a dispute."""
    return redirect(url_for("disputes.show", dispute_id=dispute_id), HTTPStatus.SEE_OTHER)


def opening_page(line: OrderLine, refusal: Refusal | None = None) -> tuple[str, int]:
    """The form in which a buyer says what is wrong, with what was refused in it."""
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
        answer_hours=ANSWER_TIME // HOUR,
        decision_hours=DECISION_TIME // HOUR,
        appeal_hours=APPEAL // HOUR,
        evidence_hint=hint(),
        decide_by=now + ANSWER_TIME + DECISION_TIME,
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _choice(reason: Reason, ground: Ground, *, strict: bool) -> dict[str, str]:
    """A reason as the list shows it: what it needs, what helps, and what is asked for."""
    asked = {
        Proof.OURS: (_("we check it"), "pos"),
        Proof.WORDS: (_("your words"), "dim"),
        Proof.SHOWN: (_("a file, now or later"), "dim"),
        Proof.CALLS: (_("%(calls)s calls are needed", calls=LEAST_TRIES), "warn"),
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
        newest=NEWEST,
        evidence_hint=hint(),
        **dispute_weights.read(line.dispute),
        can_act=line.dispute.is_open and reader.can(Power.DISPUTES_WRITE),
        now=clock.now(),
        refusal=refusal,
        loss=_loss(line.order.price, line.order.fee_bp),
    )
    return page, refusal.status if refusal else HTTPStatus.OK


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
