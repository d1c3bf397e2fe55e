"""What was found out about disputes and what it adds up to, as the API gives it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from marketplace.disputes import findings, verdicts
from marketplace.disputes.verdicts.wording import told_part


class OddsPartOut(Schema):
    """What one thing adds to the log-odds of `p_fake`."""

    rule = fields.String(required=True)
    points = fields.Float(required=True)
    found = fields.String(required=True)
    words = fields.String(required=True)


class LookedForOut(Schema):
    """What was looked for: `absent` only where the check was really run; `uploaded` counts half."""

    evidence = fields.String(required=True)
    found = fields.String(required=True, validate=validate.OneOf(["present", "absent", "unknown"]))
    source = fields.String(required=True)
    method = fields.String(required=True)
    uploaded = fields.Boolean(required=True)
    at = fields.AwareDateTime(required=True)


def weighed(ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """What was found and what it adds up to, by dispute."""
    opinions, looked = findings.opinions_of(ids), findings.findings_by_dispute(ids)
    decided = verdicts.verdicts_of(ids)
    return {
        each: {
            "p_fake": opinions[each].p_fake if each in opinions else None,
            "parts": [told_part(part) for part in opinions[each].parts] if each in opinions else [],
            "findings": looked[each],
            "rules": decided[each].rules if each in decided else [],
        }
        for each in ids
    }
