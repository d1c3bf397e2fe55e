"""An automatic verdict: the money moves in the same transaction, and the facts are kept."""

from uuid import UUID

from sqlalchemy import select

from marketplace.disputes import corrections
from marketplace.disputes.actions import decide_by_itself
from marketplace.disputes.findings import Case, FindingRow, findings_of
from marketplace.disputes.models import Dispute
from marketplace.disputes.verdicts.models import By, VerdictRow
from marketplace.disputes.verdicts.rules import Ruling, is_drawn
from marketplace.kit import clock
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import fresh, session
from marketplace.orders import OrderState
from marketplace.quality.disputes import Opinion


def open_one(dispute_id: UUID) -> Dispute | None:
    """The dispute, locked; None where it is over."""
    dispute = session().scalar(fresh(select(Dispute).where(Dispute.id == dispute_id)))
    return dispute if dispute and dispute.is_open else None


def is_frozen(case: Case) -> bool:
    """While a bank holds the money nothing can be decided about it."""
    return case.order.state == OrderState.FROZEN


def is_being_put_right(dispute: Dispute) -> bool:
    """Whether the buyer has still to say if a correction works: then the lead may be good after all."""
    correction = corrections.of_dispute(dispute)
    return correction is not None and correction.is_open


def decide(case: Case, ruling: Ruling, opinion: Opinion, by: By) -> None:
    """Let it fall. The case is open, locked, and its order not frozen."""
    dispute, found = case.dispute, findings_of(case.dispute)
    decide_by_itself(dispute, ruling.outcome)
    session().add(
        VerdictRow(
            dispute_id=dispute.id,
            by=by,
            outcome=ruling.outcome,
            rules=list(ruling.rules),
            facts=[_fact(row) for row in found if row.is_known],
            p_fake=opinion.probability,
            blind_review=by is By.TIME or is_drawn(blind_index("blind_review", str(dispute.id))),
            at=clock.now(),
        )
    )
    session().flush()


def _fact(row: FindingRow) -> dict[str, object]:
    kept = {"evidence": row.evidence, "found": row.found, "source": row.source, "uploaded": row.uploaded}
    return {**kept, "counts": dict(row.facts)}
