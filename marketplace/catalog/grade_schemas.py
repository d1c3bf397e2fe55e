"""What may come in as new terms of a grade, and how terms look from outside."""

from marshmallow import Schema, fields, validate

from marketplace.catalog.wording import RHYTHMS
from marketplace.kit.money import PER_BP
from marketplace.kit.schemas import REASON
from marketplace.people import Grade

_MOST_DAYS = 365
#: twice the weight of an ordinary agency, and more leads than anybody has in open windows
_MOST_WEIGHT, _MOST_LEADS = 2 * PER_BP, 1_000_000
_RATE = validate.Range(0, PER_BP)
_DAYS = validate.Range(0, _MOST_DAYS)


class GradeTermsIn(Schema):
    """New terms of a grade, from now on. What is left out stays as it is; rates in hundredths of a percent (800 = 8 %).

    `visibility_bp` is the weight in the catalogue's order (10000 = 1.0), `audit_bp` the share of sold leads that we
    look at ourselves, `most_unmatured` how many leads may be sold before their windows close, null for no limit.
    """

    grade = fields.String(required=True, validate=validate.OneOf([grade.value for grade in Grade]))
    fee_bp = fields.Integer(validate=_RATE)
    reserve_bp = fields.Integer(validate=_RATE)
    reserve_days = fields.Integer(validate=_DAYS)
    first_payout_days = fields.Integer(validate=_DAYS)
    payout_rhythm = fields.String(validate=validate.OneOf(list(RHYTHMS)))
    visibility_bp = fields.Integer(validate=validate.Range(0, _MOST_WEIGHT))
    audit_bp = fields.Integer(validate=_RATE)
    most_unmatured = fields.Integer(allow_none=True, validate=validate.Range(1, _MOST_LEADS))
    reason = fields.String(required=True, validate=REASON)


class GradeTermsOut(Schema):
    """What a grade brings from `since` on, until a higher `number` holds. What was sold keeps what held then."""

    grade = fields.String(required=True)
    number = fields.Integer(required=True)
    since = fields.AwareDateTime(required=True)
    fee_bp = fields.Integer(required=True)
    reserve_bp = fields.Integer(required=True)
    reserve_days = fields.Integer(required=True)
    first_payout_days = fields.Integer(required=True)
    payout_rhythm = fields.String(required=True)
    visibility_bp = fields.Integer(required=True)
    audit_bp = fields.Integer(required=True)
    most_unmatured = fields.Integer(required=True, allow_none=True)
    reason = fields.String(required=True)
    set_by = fields.UUID(required=True, allow_none=True)
