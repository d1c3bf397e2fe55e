"""How good the scores are: what they said against what came, and, for staff, the versions and how they were learned."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields, validate

from marketplace import quality
from marketplace.api.caller import caller
from marketplace.api.resource import Resource
from marketplace.api.v1.shapes import MOMENT, PageIn, page_of
from marketplace.insights import measured
from marketplace.kit.paging import Page
from marketplace.quality.scores import Kind, ScoreModel
from marketplace.quality.training import queries as training
from marketplace.quality.training.models import TrainingRun, Why

resource = Resource("quality", "Staff")


class BinOut(Schema):
    """One step of a table. `said` and `came` are shares; null where nothing lies. `interval` holds 80 %."""

    low = fields.Float(required=True, data_key="from", attribute="from")
    to = fields.Float(required=True)
    said = fields.Float(required=True, allow_none=True)
    came = fields.Float(required=True, allow_none=True)
    interval = fields.List(fields.Float(), required=True, allow_none=True)
    count = fields.Integer(required=True)


class CalibrationOut(Schema):
    """What was said of sold leads and what came. `windows`: complaints; `audits`: calls to leads drawn by lot."""

    source = fields.String(required=True, validate=validate.OneOf([each.value for each in quality.reliability.Source]))
    vertical = fields.String(required=True, allow_none=True)
    rows = fields.Integer(required=True)
    came = fields.Integer(required=True)
    calibrated = fields.Boolean(required=True, metadata={"description": "false below 300 outcomes"})
    ece = fields.Float(required=True)
    brier = fields.Float(required=True)
    log_loss = fields.Float(required=True)
    bins = fields.List(fields.Nested(BinOut), required=True)


class CalibrationsOut(Schema):
    items = fields.List(fields.Nested(CalibrationOut), required=True)


class ModelOut(Schema):
    """A version of a score that serves now."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kind]))
    vertical = fields.String(required=True, allow_none=True)
    version = fields.String(required=True)
    state = fields.String(required=True)
    trained_at = fields.AwareDateTime(required=True, metadata=MOMENT)
    trained_on = fields.Integer(required=True)
    measures = fields.Dict(required=True, allow_none=True)
    coefficients = fields.Dict(required=True)


class ModelsOut(Schema):
    items = fields.List(fields.Nested(ModelOut), required=True)


class RunOut(Schema):
    """One attempt to learn, and whether the version took over (`promoted`) or why not."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    vertical = fields.String(required=True, allow_none=True)
    began_at = fields.AwareDateTime(required=True, metadata=MOMENT)
    took_ms = fields.Integer(required=True)
    outcomes = fields.Integer(required=True)
    positive = fields.Integer(required=True)
    why = fields.String(required=True, validate=validate.OneOf([why.value for why in Why]))
    measures = fields.Dict(required=True, allow_none=True)
    before = fields.Dict(required=True, allow_none=True)
    notes = fields.Dict(required=True)
    model_id = fields.UUID(required=True, allow_none=True)


@resource.get("/score-calibration")
@resource.response(200, CalibrationsOut)
def calibration() -> dict[str, Any]:
    """What the scores said of sold leads, and what came

    Counted every ten minutes; nothing before the first time.
    """
    caller()
    count = measured.last_count()
    return {"items": count.figures["calibration"] if count else []}


@resource.get("/score-models")
@resource.response(200, ModelsOut)
def all_models() -> dict[str, Sequence[ScoreModel]]:
    """The versions of scores that serve now"""
    return {"items": training.models_for(caller())}


@resource.get("/training-runs")
@resource.arguments(PageIn, location="query")
@resource.response(200, page_of(RunOut))
def all_runs(query: dict[str, Any]) -> Page[TrainingRun]:
    """Every attempt to learn the scores anew, the newest first"""
    return training.runs_for(caller(), query["ask"])
