"""Tables of disputes: what the buyer says, what the agency answers, what staff decided, and the files of both."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Cents, Id
from marketplace.orders.models import Order
from marketplace.people.models import Organisation


class DisputeState(StrEnum):
    """Where a dispute is; `rules.py` has the table of changes."""

    OPEN = "open"
    ANSWERED = "answered"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CONCEDED = "conceded"
    CORRECTED = "corrected"


class Reason(StrEnum):
    """What may be wrong with a lead. That the person is not interested is no reason."""

    INVALID_PHONE = "invalid_phone"
    INVALID_EMAIL = "invalid_email"
    WRONG_PERSON = "wrong_person"
    NOT_REQUESTED = "not_requested"
    DUPLICATE = "duplicate"
    BOT = "bot"
    HIRED = "hired"
    COMPETITOR = "competitor"
    OUTSIDE_CRITERIA = "outside_criteria"
    NO_CONSENT = "no_consent"
    UNREACHABLE = "unreachable"


class Dispute(Base):
    """A buyer says that a lead was bad, or we do for it. Times and states in UTC; money stays with the order.

    `statement`, `answer` and `reasoning` are people's own words. What we say ourselves is kept as what it stands on
    (`said_for_buyer`, a correction, a verdict's rules and facts, `rule`), and worded for who reads it.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        CheckConstraint("refund_percent IN (0, 25, 50, 100)", name="refund_percent"),
        CheckConstraint(
            "state IN ('open', 'answered', 'upheld', 'partly_upheld', 'rejected', 'withdrawn', 'conceded',"
            " 'corrected')",
            name="state",
        ),
        CheckConstraint("rule IS NULL OR rule = 'hired_batch' AND reasoning IS NOT NULL", name="rule"),
        Index(
            "uq_disputes_one_open",
            "order_id",
            unique=True,
            postgresql_where=text("state IN ('open', 'answered')"),
        ),
        Index("ix_disputes_buyer_id_id", "buyer_id", "id"),
        Index("ix_disputes_agency_id_id", "agency_id", "id"),
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    state: Mapped[str]
    reason: Mapped[str]
    statement: Mapped[str]
    said_for_buyer: Mapped[bool] = mapped_column(default=False, server_default="false")
    answer: Mapped[str | None]
    opened_by: Mapped[UUID]
    opened_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    decide_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    refund_percent: Mapped[int | None]
    reasoning: Mapped[str | None]
    rule: Mapped[str | None]
    early_reason: Mapped[str | None]
    appeal_until: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        return self.state in (DisputeState.OPEN, DisputeState.ANSWERED)


class AppealState(StrEnum):
    """An appeal waits, changed the decision, or left it as it was."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Appeal(Base):
    """One side of a dispute asks somebody else to look at the decision again; once, and never to its own harm.

    `percent_before` and `percent_after` are shares of the price that go back to the buyer; `amount_cents` is what the
    appeal brought its side.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("dispute_id", "side"),
        CheckConstraint("side IN ('buyer', 'agency')", name="side"),
        CheckConstraint("state IN ('open', 'won', 'lost')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'open') = (percent_after IS NULL)", name="percent_after"),
        CheckConstraint(
            "state = 'open' OR percent_after = percent_before AND state = 'lost'"
            " OR percent_after > percent_before AND state = 'won' AND side = 'buyer'"
            " OR percent_after < percent_before AND state = 'won' AND side = 'agency'",
            name="outcome",
        ),
        CheckConstraint("decided_by <> first_decided_by", name="another_reviewer"),
        Index("ix_appeals_open", "decide_by", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[Id]
    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id))
    side: Mapped[str]
    state: Mapped[str]
    statement: Mapped[str]
    filed_by: Mapped[UUID]
    filed_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    decide_by: Mapped[datetime]
    first_decided_by: Mapped[UUID | None]
    percent_before: Mapped[int]
    percent_after: Mapped[int | None]
    amount_cents: Mapped[Cents | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reasoning: Mapped[str | None]

    @property
    def is_open(self) -> bool:
        return self.state == AppealState.OPEN


class WaitingDecision(Base):
    """What staff decided at the desk and can still take back; it falls when `falls_at` has come, and the row goes.

    `side` is that of the appeal, None where the dispute itself was decided; then `outcome` is set. A row that was taken
    back keeps its words for whoever wrote them; `why` is the code of what refused it, where nobody took it back.
    `version`: that of the dispute as whoever decided has read it.
    """

    __tablename__ = "waiting_decisions"
    __table_args__ = (
        CheckConstraint("percent IN (0, 25, 50, 100)", name="percent"),
        CheckConstraint("side IN ('buyer', 'agency')", name="side"),
        CheckConstraint("(side IS NULL) <> (outcome IS NULL)", name="outcome"),
        CheckConstraint("falls_at > made_at", name="falls_at"),
        CheckConstraint("why IS NULL OR taken_back_at IS NOT NULL", name="why"),
        Index("ix_waiting_decisions_falls_at", "falls_at"),
    )

    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id), primary_key=True)
    side: Mapped[str | None]
    outcome: Mapped[str | None]
    percent: Mapped[int]
    reasoning: Mapped[str]
    early_reason: Mapped[str]
    version: Mapped[str]
    made_by: Mapped[UUID]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    made_at: Mapped[datetime]
    falls_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    why: Mapped[str | None]

    @property
    def waits(self) -> bool:
        return self.taken_back_at is None


class Evidence(Base):
    """A file that a party gave to a dispute, kept sealed in the file store under `stored_as`.

    `shown_as` is the same picture drawn anew; None for what is no picture or cannot be drawn.
    """

    __tablename__ = "dispute_evidence"
    __table_args__ = (UniqueConstraint("dispute_id", "org_id", "fingerprint"),)

    id: Mapped[Id]
    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    fingerprint: Mapped[str]
    stored_as: Mapped[str]
    shown_as: Mapped[str | None]
    added_at: Mapped[datetime]

    @property
    def is_sound(self) -> bool:
        return self.content_type.startswith("audio/")
