"""What Stripe was asked to do."""

from uuid import UUID

from sqlalchemy import select

from marketplace.billing.models import StripeCall
from marketplace.kit.db import session


def call_of(kind: str, subject_id: UUID) -> UUID | None:
    """What Stripe was asked to do about a thing that was found for somebody before."""
    asked = select(StripeCall.id).where(StripeCall.subject_id == subject_id, StripeCall.kind == kind)
    return session().scalar(asked.order_by(StripeCall.created_at.desc()).limit(1))
