"""A dispute as the API gives it: both sides, what was looked for, the appeals, and the version that was read."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields, validate

from marketplace.api.v1.dispute_findings import LookedForOut, OddsPartOut, told
from marketplace.disputes import Appeal, Dispute, DisputeState, Evidence, afterthought, corrections, deposits, verdicts
from marketplace.disputes.appealed import appeals_by_dispute
from marketplace.disputes.evidence import evidence_by_dispute
from marketplace.disputes.wording import said_in

STATES = [state.value for state in DisputeState]
_ENDS = frozenset(STATES) - {DisputeState.OPEN, DisputeState.ANSWERED, DisputeState.WITHDRAWN}
_SIDE = validate.OneOf(["buyer", "agency"])


class EvidenceOut(Schema):
    """A file of a party; fetch it at `/disputes/{id}/evidence/{evidence_id}`."""

    id = fields.UUID(required=True)
    by = fields.String(required=True, validate=_SIDE)
    name = fields.String(required=True)
    content_type = fields.String(required=True)
    size = fields.Integer(required=True)
    added_at = fields.AwareDateTime(required=True)


class AppealOut(Schema):
    """An appeal; percents are shares of the price that go back to the buyer, before and after."""

    side = fields.String(required=True, validate=_SIDE)
    state = fields.String(required=True, validate=validate.OneOf(["open", "won", "lost"]))
    statement = fields.String(required=True)
    filed_at = fields.AwareDateTime(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    decide_by = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    percent_before = fields.Integer(required=True)
    percent_after = fields.Integer(required=True, allow_none=True)
    amount_cents = fields.Integer(required=True, allow_none=True)
    reasoning = fields.String(required=True, allow_none=True)


class DepositOut(Schema):
    """What the buyer left with a dispute, for both sides to see."""

    cents = fields.Integer(required=True)
    currency = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["held", "returned", "forfeited"]))


class DisputeOut(Schema):
    """A dispute.

    `p_fake` is the probability that it is right, as far as is known now; `parts` are the points in log-odds that it
    comes from, each with its published rule and in words; `findings` what was looked for; `rules` those that decided
    it without a person. `version` changes when something comes in that a decision should know.
    """

    id = fields.UUID(required=True)
    order_id = fields.UUID(required=True)
    buyer_id = fields.UUID(required=True)
    version = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = fields.String(required=True)
    statement = fields.String(required=True)
    answer = fields.String(required=True, allow_none=True)
    opened_at = fields.AwareDateTime(required=True)
    answer_by = fields.AwareDateTime(required=True)
    decide_by = fields.AwareDateTime(required=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    p_fake = fields.Float(required=True, allow_none=True)
    parts = fields.List(fields.Nested(OddsPartOut), required=True)
    findings = fields.List(fields.Nested(LookedForOut), required=True)
    rules = fields.List(fields.String(), required=True)
    outcome = fields.String(required=True, allow_none=True)
    refund_percent = fields.Integer(required=True, allow_none=True)
    reasoning = fields.String(required=True, allow_none=True)
    early_reason = fields.String(required=True, allow_none=True)
    appeal_until = fields.AwareDateTime(required=True, allow_none=True)
    deposit = fields.Nested(DepositOut, required=True, allow_none=True)
    evidence = fields.List(fields.Nested(EvidenceOut), required=True)
    appeals = fields.List(fields.Nested(AppealOut), required=True)


def shown(found: Sequence[Dispute]) -> list[dict[str, Any]]:
    """Disputes that the caller has found for somebody."""
    ids = [dispute.id for dispute in found]
    files, appeals, weighed = evidence_by_dispute(ids), appeals_by_dispute(ids), verdicts.weighed_by_dispute(ids)
    left, offered = deposits.of_disputes(ids), corrections.of_disputes(ids)
    return [
        _told(dispute, files[dispute.id], appeals[dispute.id])
        | said_in(dispute, weighed[dispute.id].verdict)._asdict()
        | told(weighed[dispute.id])
        | {
            "deposit": left.get(dispute.id),
            "version": afterthought.version_of(
                dispute,
                files[dispute.id],
                offered.get(dispute.id),
                appeals[dispute.id],
                weighed[dispute.id].findings,
            ),
        }
        for dispute in found
    ]


def _told(dispute: Dispute, files: Sequence[Evidence], appeals: Sequence[Appeal]) -> dict[str, Any]:
    columns = {name: getattr(dispute, name, None) for name in DisputeOut._declared_fields}  # noqa: SLF001
    return {
        **columns,
        "outcome": dispute.state if dispute.state in _ENDS else None,
        "evidence": [evidence_told(each, dispute) for each in files],
        "appeals": appeals,
    }


def evidence_told(file: Evidence, dispute: Dispute) -> dict[str, Any]:
    """A file of a dispute as the API gives it."""
    return {
        "id": file.id,
        "by": "buyer" if file.org_id == dispute.buyer_id else "agency",
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "added_at": file.added_at,
    }
