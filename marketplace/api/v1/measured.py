"""The exchange, measured: the public figures, as they were counted last."""

from typing import Any

from marshmallow import Schema, fields

from marketplace.api.resource import Resource
from marketplace.api.v1.quality import CalibrationOut
from marketplace.insights import last_run, measured
from marketplace.ledger import blocks

resource = Resource("measured", "Exchange", is_public=True)


class ShareOut(Schema):
    """`hits` of `count` as a share 0..1 with its 80 % interval; null of nothing."""

    share = fields.Float(required=True, allow_none=True)
    interval = fields.List(fields.Float(), required=True, allow_none=True)
    hits = fields.Integer(required=True)
    count = fields.Integer(required=True)


class DisputedOut(ShareOut):
    """`upheld` of the disputed leads were found to be bad."""

    upheld = fields.Integer(required=True)


class MedianOut(Schema):
    """In hours; null below 5. The interval, where it is told, holds the median with 80 %."""

    median_hours = fields.Float(required=True, allow_none=True)
    interval = fields.List(fields.Float(), required=True, allow_none=True)
    count = fields.Integer(required=True)


class WayOut(Schema):
    """Disputes that ended in one way: by facts, conceded, by silence, by a person, by time."""

    by = fields.String(required=True)
    upheld = fields.Nested(ShareOut, required=True)
    time = fields.Nested(MedianOut, required=True)
    appeals = fields.Integer(required=True)
    appeals_won = fields.Integer(required=True)


class SecondLooksOut(Schema):
    """Cases that two people decided without knowing of each other.

    `kappa` is agreement beyond chance, `interval` holds it with 80 %.
    """

    count = fields.Integer(required=True)
    agreed = fields.Float(required=True, allow_none=True)
    kappa = fields.Float(required=True, allow_none=True)
    interval = fields.List(fields.Float(), required=True, allow_none=True)


class DecisionsOut(Schema):
    """How fast disputes were decided, by whom, and how often an appeal changed it."""

    time = fields.Nested(MedianOut, required=True)
    ways = fields.List(fields.Nested(WayOut), required=True)
    overturned = fields.Nested(ShareOut, required=True)
    second_looks = fields.Nested(SecondLooksOut, required=True)


class GradeOut(Schema):
    """Agencies of one grade, what they sold and their part of all, and the faults among what matured."""

    grade = fields.String(required=True)
    agencies = fields.Integer(required=True)
    sold = fields.Integer(required=True)
    part = fields.Float(required=True, allow_none=True)
    faults = fields.Nested(ShareOut, required=True)


class WhereOut(Schema):
    """What was paid for leads, in minor units: paid = released + returned + held + elsewhere."""

    orders = fields.Integer(required=True)
    paid = fields.Integer(required=True)
    released = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    held = fields.Integer(required=True)
    elsewhere = fields.Integer(required=True)


class WeekOut(WhereOut):
    """The same of the leads that were bought in one week, named by its Monday."""

    week = fields.String(required=True, metadata={"format": "date"})


class CurrencyOut(WhereOut):
    """The same of one currency."""

    currency = fields.String(required=True)
    weeks = fields.List(fields.Nested(WeekOut), required=True)


class HeldOut(Schema):
    """What is held now, whenever it was paid."""

    currency = fields.String(required=True)
    orders = fields.Integer(required=True)
    disputed = fields.Integer(required=True)
    held = fields.Integer(required=True)


class OnSaleOut(Schema):
    leads = fields.Integer(required=True)
    verticals = fields.Integer(required=True)


class FiguresOut(Schema):
    """All figures of one moment, over the `days` before it."""

    days = fields.Integer(required=True)
    on_sale = fields.Nested(OnSaleOut, required=True)
    held_up = fields.Nested(ShareOut, required=True)
    disputed = fields.Nested(DisputedOut, required=True)
    decisions = fields.Nested(DecisionsOut, required=True)
    calibration = fields.List(fields.Nested(CalibrationOut), required=True)
    grades = fields.List(fields.Nested(GradeOut), required=True)
    money = fields.List(fields.Nested(CurrencyOut), required=True)
    held_now = fields.List(fields.Nested(HeldOut), required=True)


class BooksOut(Schema):
    """When the rules of the books were last run, and whether all held."""

    at = fields.AwareDateTime(required=True)
    rules = fields.Integer(required=True)
    holds = fields.Boolean(required=True)


class HeadOut(Schema):
    number = fields.Integer(required=True)
    hash = fields.String(required=True)
    sealed_at = fields.AwareDateTime(required=True)


class QualityOut(Schema):
    """The figures that were counted last, the last run over the books, the head of the chain; null before the first."""

    counted_at = fields.AwareDateTime(required=True, allow_none=True)
    figures = fields.Nested(FiguresOut, required=True, allow_none=True)
    books = fields.Nested(BooksOut, required=True, allow_none=True)
    head = fields.Nested(HeadOut, required=True, allow_none=True)


@resource.get("/quality")
@resource.doc(security=[])
@resource.response(200, QualityOut)
def exchange() -> dict[str, Any]:
    """How good leads, decisions and agencies are, and where the money is

    Counted every ten minutes from live data. Every share has its count and its 80 % interval.
    """
    count, run, head = measured.last_count(), last_run(), blocks.head()
    return {
        "counted_at": count.at if count else None,
        "figures": count.figures if count else None,
        "books": {"at": run.at, "rules": len(run.rules), "holds": run.holds} if run else None,
        "head": {"number": head.number, "hash": head.hash.hex(), "sealed_at": head.sealed_at} if head else None,
    }
