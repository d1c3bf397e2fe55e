"""What a feature above tells of one purchase."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marketplace.quality.facts.models import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """Everything that is the case of one purchase now; the columns of `SoldLead`. Times in UTC.

    Attributes:
        matured_at: when no complaint was possible any more, or one was decided for good; None before.
        fault_reason: why the lead was bad, as a code; None when it was not, or is not known to be.
        due_at: when it has to be looked at again though nothing happens; None when only news can change it.
    """

    order_id: UUID
    lead_id: UUID
    listing_id: UUID
    agency_id: UUID
    buyer_id: UUID
    vertical: str
    channel: str
    sub_id: str | None
    is_per_sale: bool
    price_cents: int
    currency: str
    placed_at: datetime
    matured_at: datetime | None = None
    fault_reason: str | None = None
    disputed: bool = False
    stage: Stage = Stage.NEW
    contacted_at: datetime | None = None
    won_at: datetime | None = None
    won_cents: int | None = None
    due_at: datetime | None = None

    def to_row(self, failed_audit: str | None) -> dict[str, Any]:
        """As it is stored. failed_audit: what an audit of this lead found wrong, if it failed."""
        is_known = self.matured_at is not None
        reason = (self.fault_reason or failed_audit) if is_known else None
        return {**asdict(self), "fault": bool(reason) if is_known else None, "fault_reason": reason}
