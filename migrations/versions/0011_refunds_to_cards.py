"""Unspent money can go back to the card it came from; a top-up knows its card and why an attempt failed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STATES = (
    "state IN ('created', 'requires_action', 'processing', 'succeeded', 'partly_refunded', 'refunded', 'expired',"
    " 'failed')"
)
_REFUNDED = (
    "refunded_cents = CASE state WHEN 'refunded' THEN amount_cents"
    " WHEN 'partly_refunded' THEN refunded_cents ELSE 0 END"
    " AND refunded_cents BETWEEN 0 AND amount_cents"
    " AND (state <> 'partly_refunded' OR refunded_cents BETWEEN 1 AND amount_cents - 1)"
)
_OPEN = "state <> 'failed' AND (settled_at IS NULL OR state = 'bounced' AND returned_at IS NULL)"


def upgrade() -> None:
    _top_ups()
    op.create_table(
        "card_refunds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("top_up_id", sa.Uuid(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("refund_id", sa.String(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_card_refunds_amount")),
        sa.CheckConstraint(
            "state IN ('asked', 'pending', 'succeeded', 'failed', 'bounced')", name=op.f("ck_card_refunds_state")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_card_refunds_org_id")),
        sa.ForeignKeyConstraint(["top_up_id"], ["top_ups.id"], name=op.f("fk_card_refunds_top_up_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_refunds")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_card_refunds_refund_id")),
    )
    op.create_index("ix_card_refunds_org_id_id", "card_refunds", ["org_id", "id"])
    op.create_index("ix_card_refunds_top_up_id", "card_refunds", ["top_up_id"])
    op.create_index("ix_card_refunds_wish_id", "card_refunds", ["wish_id"])
    op.create_index("ix_card_refunds_open", "card_refunds", ["asked_at"], postgresql_where=sa.text(_OPEN))


def _top_ups() -> None:
    for name, kind in (("failure", sa.String()), ("card_brand", sa.String()), ("card_last4", sa.String())):
        op.add_column("top_ups", sa.Column(name, kind, nullable=True))
    op.add_column("top_ups", sa.Column("card_fingerprint", sa.LargeBinary(), nullable=True))
    op.add_column("top_ups", sa.Column("refunded_cents", sa.BigInteger(), server_default="0", nullable=False))
    op.drop_constraint(op.f("ck_top_ups_state"), "top_ups")
    op.create_check_constraint(op.f("ck_top_ups_state"), "top_ups", _STATES)
    op.create_check_constraint(op.f("ck_top_ups_refunded"), "top_ups", _REFUNDED)
    op.drop_index("ix_top_ups_open", "top_ups")
    op.create_index(
        "ix_top_ups_open",
        "top_ups",
        ["created_at"],
        postgresql_where=sa.text("state IN ('created', 'requires_action', 'processing')"),
    )
    op.drop_index("ix_top_ups_unsettled", "top_ups")
    op.create_index(
        "ix_top_ups_unsettled",
        "top_ups",
        ["credited_at"],
        postgresql_where=sa.text("credited_at IS NOT NULL AND settled_at IS NULL"),
    )
    op.create_index("ix_top_ups_card_fingerprint", "top_ups", ["card_fingerprint"])


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
