"""Payments that a bank takes back."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from marketplace.billing.models.top_ups import TopUp
from marketplace.kit.db import Base, Cents
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.ledger import Account
from marketplace.ledger.models import LedgerAccount
from marketplace.people.models import Organisation


class ChargebackState(StrEnum):
    """`inquiry`: the bank only asks. `needs_answer`: evidence is wanted by a date. `under_review`: the bank decides."""

    INQUIRY = "inquiry"
    NEEDS_ANSWER = "needs_answer"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


class Chargeback(Base):
    """A payer has disputed a payment at the bank: a "dispute" in Stripe's words, which here means another thing.

    `is_booked`: the money was taken from us, and as much as was in the buyer's wallet then (`frozen_cents`) was frozen;
    what came back to the buyer since is frozen, too (`frozen_now`).
    `answer` is what staff told the bank; `inquiry_answer` what they had told it while it only asked.
    """

    __tablename__ = "chargebacks"
    __table_args__ = (
        CheckConstraint("amount_cents > 0 AND frozen_cents BETWEEN 0 AND amount_cents", name="amounts"),
        CheckConstraint("state IN ('inquiry', 'needs_answer', 'under_review', 'won', 'lost')", name="state"),
        Index("ix_chargebacks_org_id_id", "org_id", "id"),
        Index("ix_chargebacks_open", "id", postgresql_where=text("state NOT IN ('won', 'lost')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stripe_id: Mapped[str] = mapped_column(unique=True)
    top_up_id: Mapped[UUID] = mapped_column(ForeignKey(TopUp.id), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    amount_cents: Mapped[Cents]
    currency: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]
    is_booked: Mapped[bool] = mapped_column(default=False)
    frozen_cents: Mapped[Cents] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(default="")
    inquiry_answer: Mapped[str] = mapped_column(default="")
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: what is frozen by now, as its account says; 0 when it is over
    frozen_now: Mapped[int] = column_property(
        func.coalesce(
            select(LedgerAccount.balance)
            .where(LedgerAccount.kind == Account.WALLET_FROZEN, LedgerAccount.owner_id == id)  # noqa: A003  # the column
            .correlate_except(LedgerAccount)
            .scalar_subquery(),
            0,
        )
    )

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state not in (ChargebackState.WON, ChargebackState.LOST)
