"""Reading scores, for whoever has found the lead before."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from marketplace.kit.db import session
from marketplace.leads import Lead
from marketplace.quality import fraud
from marketplace.quality.conversion import Reason as Column
from marketplace.quality.facts import SoldLead
from marketplace.quality.fraud import CALIBRATED_FROM, Sign
from marketplace.quality.measures import expit, logit
from marketplace.quality.scores.alike import Alike, alike
from marketplace.quality.scores.models import Kind, LeadScore, ScoreModel
from marketplace.quality.scores.serving import fraud_model
from marketplace.quality.training.models import TrainingRun, Why


@dataclass(frozen=True, slots=True)
class Told:
    """What a lead was given, with its parts.

    Attributes:
        real, convert: chances, 0..1; None where there is none.
        prior: the log-odds of fraud before anything was found; with all `signs` and `put_right` they are `logit`.
        signs: what speaks for or against its being real, the largest first; points above 0 speak for fraud.
        columns: what speaks most for or against a sale; points above 0 speak for one.
        has_no_signal: there is no chance of a sale because what is known at intake does not tell who buys.
        alike: what became of sold leads that were given about the same, once there are enough.
        decided: how many outcomes of sold leads are known, counted up to those that a probability needs.
    """

    real: float | None
    convert: float | None
    prior: float
    signs: tuple[fraud.Reason, ...]
    columns: tuple[Column, ...]
    decided: int
    has_no_signal: bool
    alike: Alike | None = None
    needed: int = CALIBRATED_FROM

    def to_json(self) -> dict[str, Any]:
        """As it is told outside. `usual` and all points are log-odds of fraud; with `put_right` they add up."""
        return {
            "p_real": self.real,
            "p_convert": self.convert,
            "calibrated": self.is_calibrated,
            "decided": self.decided,
            "usual": self.prior,
            "put_right": self.put_right,
            "reasons": [{"code": each.sign.value, "message": each.label, "points": each.points} for each in self.signs],
        }

    @property
    def is_calibrated(self) -> bool:
        return fraud.is_calibrated(self.decided)

    @property
    def put_right(self) -> float:
        """What the calibration adds to the sum of prior and signs, in log-odds; 0 for the published weights alone."""
        if self.real is None:
            return 0.0
        return round(self.logit - self.prior - sum(each.points for each in self.signs), 4)

    @property
    def logit(self) -> float:
        """The log-odds of fraud."""
        return self.prior if self.real is None else logit(1 - self.real)

    @property
    def usual(self) -> float:
        """The share of fakes among leads of which nothing is known."""
        return expit(self.prior)


def told_of(lead: Lead) -> Told:
    """The score of a lead that was found for somebody before."""
    score = session().get(LeadScore, lead.id)
    if score is None:
        return Told(None, None, fraud.COLD_START.prior, (), (), decided(), has_no_signal=False)
    model = fraud_model(session().get_one(ScoreModel, score.fraud_model_id))
    signs = tuple(fraud.Reason(Sign(name), points) for name, points in score.reasons["fraud"])
    columns = tuple(Column(*part) for part in score.reasons.get("convert", ()))
    silent = score.p_convert is None and has_no_signal(lead.vertical)
    real, known = 1 - score.p_fraud, decided()
    same = alike(real) if fraud.is_calibrated(known) else None
    return Told(real, score.p_convert, model.prior, signs, columns, known, has_no_signal=silent, alike=same)


def has_no_signal(vertical: str) -> bool:
    """Whether the last attempt to learn who buys, in this trade or else in all, found nothing that tells them apart."""
    of_trade = TrainingRun.vertical == vertical
    runs = select(TrainingRun.why).where(TrainingRun.kind == Kind.CONVERT, of_trade | TrainingRun.vertical.is_(None))
    newest = runs.order_by(of_trade.desc().nulls_last(), TrainingRun.id.desc()).limit(1)
    return session().execute(newest).scalar() == Why.NO_SIGNAL


def decided() -> int:
    """How many sold leads have a known end, counted up to the 300 from which a probability carries."""
    few = select(SoldLead.order_id).where(SoldLead.matured_at.is_not(None)).limit(CALIBRATED_FROM).subquery()
    return session().execute(select(func.count()).select_from(few)).scalar_one()
