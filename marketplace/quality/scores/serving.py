"""The models that give scores now, ready to be asked; loaded once for a chunk of leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.ids import new_id
from marketplace.quality import fraud
from marketplace.quality.conversion import ConversionModel, model_from
from marketplace.quality.fraud import COLD_START, FraudModel
from marketplace.quality.scores.models import Kind, ModelState, ScoreModel


@dataclass(frozen=True)
class Serving:
    """Which model gives what: by trade, with the one for all under None."""

    fraud: Mapping[str | None, tuple[UUID, FraudModel]]
    convert: Mapping[str | None, tuple[UUID, ConversionModel]]

    def fraud_for(self, vertical: str) -> tuple[UUID, FraudModel]:
        return self.fraud.get(vertical) or self.fraud[None]

    def convert_for(self, vertical: str) -> tuple[UUID, ConversionModel] | None:
        """None while no model of conversion has been promoted."""
        return self.convert.get(vertical) or self.convert.get(None)


def serving() -> Serving:
    """The models of now. The published weights of fraud stand there from the first score on."""
    rows = _serving()
    if not any(row.kind == Kind.FRAUD and row.vertical is None for row in rows):
        _begin()
        rows = _serving()
    return Serving(
        fraud={row.vertical: (row.id, fraud_model(row)) for row in rows if row.kind == Kind.FRAUD},
        convert={row.vertical: (row.id, convert_model(row)) for row in rows if row.kind == Kind.CONVERT},
    )


def fraud_model(row: ScoreModel) -> FraudModel:
    return fraud.model_from(row.version, row.coefficients)


def convert_model(row: ScoreModel) -> ConversionModel:
    return _Known.get(row.id, row.coefficients)


class _Known:
    """Models that were read before: a version never changes, and a large one takes milliseconds to read."""

    _found: ClassVar[dict[UUID, ConversionModel]] = {}
    _MOST = 32

    @classmethod
    def get(cls, model_id: UUID, stored: dict[str, Any]) -> ConversionModel:
        if model_id not in cls._found:
            if len(cls._found) >= cls._MOST:
                cls._found.clear()
            cls._found[model_id] = model_from(stored)
        return cls._found[model_id]


def _serving() -> list[ScoreModel]:
    return list(session().scalars(select(ScoreModel).where(ScoreModel.state == ModelState.SERVING)))


def _begin() -> None:
    """The published weights as the first version; two that begin at once write one row."""
    first = insert(ScoreModel).values(
        id=new_id(),
        kind=Kind.FRAUD,
        vertical=None,
        version=COLD_START.version,
        coefficients=COLD_START.to_json(),
        trained_at=clock.now(),
        trained_on=0,
        state=ModelState.SERVING,
    )
    session().execute(first.on_conflict_do_nothing())
