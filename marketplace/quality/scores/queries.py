"""Reading scores, for whoever has found the lead before."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from marketplace.kit.db import session
from marketplace.quality import fraud
from marketplace.quality.conversion import Reason as Column
from marketplace.quality.facts import SoldLead
from marketplace.quality.fraud import CALIBRATED_FROM, Sign
from marketplace.quality.measures import expit
from marketplace.quality.scores.models import LeadScore, ScoreModel
from marketplace.quality.scores.serving import fraud_model


@dataclass(frozen=True, slots=True)
class Told:
    """What a lead was given, with its parts.

    Attributes:
        real, convert: chances, 0..1; None where there is none.
        prior: the log-odds of fraud before anything was found; with all `signs` they add up to `logit`.
        signs: what speaks for or against its being real, the largest first; points above 0 speak for fraud.
        columns: what speaks most for or against a sale; points above 0 speak for one.
        decided: how many outcomes of sold leads are known, counted up to those that a probability needs.
    """

    real: float | None
    convert: float | None
    prior: float
    signs: tuple[fraud.Reason, ...]
    columns: tuple[Column, ...]
    decided: int
    needed: int = CALIBRATED_FROM

    @property
    def is_calibrated(self) -> bool:
        return fraud.is_calibrated(self.decided)

    @property
    def logit(self) -> float:
        return self.prior + sum(each.points for each in self.signs)

    @property
    def usual(self) -> float:
        """The share of fakes among leads of which nothing is known."""
        return expit(self.prior)


def told_of(lead_id: UUID) -> Told:
    """The score of a lead that was found for somebody before."""
    score = session().get(LeadScore, lead_id)
    if score is None:
        return Told(None, None, fraud.COLD_START.prior, (), (), decided())
    model = fraud_model(session().get_one(ScoreModel, score.fraud_model_id))
    signs = tuple(fraud.Reason(Sign(name), points) for name, points in score.reasons["fraud"])
    columns = tuple(Column(*part) for part in score.reasons.get("convert", ()))
    return Told(1 - score.p_fraud, score.p_convert, model.prior, signs, columns, decided())


def decided() -> int:
    """How many sold leads have a known end, counted up to the 300 from which a probability carries."""
    few = select(SoldLead.order_id).where(SoldLead.matured_at.is_not(None)).limit(CALIBRATED_FROM).subquery()
    return session().execute(select(func.count()).select_from(few)).scalar_one()
