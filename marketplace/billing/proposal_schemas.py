"""What may come in as a proposal, and how one looks from outside."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from marketplace.billing.corrections import ADJUSTABLE
from marketplace.billing.models import ProposalState
from marketplace.billing.rules import PROPOSALS
from marketplace.kit.i18n import gettext as _
from marketplace.kit.schemas import MoneyField


class SideIn(Schema):
    """One side of an adjustment: an account, and whose it is where it has an owner."""

    account = fields.String(required=True, validate=validate.OneOf([account.value for account in ADJUSTABLE]))
    owner = fields.UUID(load_default=None, allow_none=True)


class ProposalIn(Schema):
    """An act on money for a second person to agree to.

    `about` is the organisation (goodwill, write_off, adjustment), the order (claw_back) or the entry (reversal).
    An adjustment names both of its sides.
    """

    kind = fields.String(required=True, validate=validate.OneOf(PROPOSALS))
    about = fields.UUID(required=True)
    amount = MoneyField(required=True, least=1)
    reason = fields.String(required=True, validate=validate.Length(10, 1000))
    debit = fields.Nested(SideIn)
    credit = fields.Nested(SideIn)

    @validates_schema
    def _sides(self, data: dict[str, Any], **_kwargs: Any) -> None:
        is_adjustment = data["kind"] == "adjustment"
        for side in ("debit", "credit"):
            if (side in data) != is_adjustment:
                raise ValidationError(_("An adjustment, and nothing else, names its debit and its credit."), side)


class RefusalIn(Schema):
    """Why not, in words."""

    reason = fields.String(required=True, validate=validate.Length(3, 1000))


class ProposalOut(Schema):
    """A proposal. `decided_by` is null while it is open, and where one person was enough."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    about = fields.UUID(required=True, attribute="subject_id")
    amount = MoneyField(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in ProposalState]))
    proposed_by = fields.UUID(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    decided_by = fields.UUID(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_reason = fields.String(required=True)


def asked(wanted: dict[str, Any]) -> dict[str, Any]:
    """A loaded `ProposalIn` as the arguments of `proposals.propose`."""
    rest = {name: value for name, value in wanted.items() if name not in ("debit", "credit")}
    data = {side: _plain(wanted[side]) for side in ("debit", "credit") if side in wanted}
    return {**rest, "data": data}


def _plain(side: dict[str, Any]) -> dict[str, Any]:
    return {**side, "owner": str(side["owner"]) if side["owner"] else None}
