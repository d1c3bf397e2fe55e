"""What was found out about disputes and what it adds up to, as the API gives it."""

from typing import Any

from marshmallow import Schema, fields, validate

from marketplace.disputes.verdicts import Weighed
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


def told(weighed: Weighed) -> dict[str, Any]:
    """What was found about a dispute and what it adds up to."""
    opinion, verdict = weighed.opinion, weighed.verdict
    return {
        "p_fake": opinion.p_fake if opinion else None,
        "parts": [told_part(part) for part in opinion.parts] if opinion else [],
        "findings": weighed.findings,
        "rules": verdict.rules if verdict else [],
    }
