"""Acts on money that two members of staff do together; money taken back after a release."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("org_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_reason", sa.String(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_proposals_amount")),
        sa.CheckConstraint("state IN ('open', 'approved', 'refused', 'withdrawn')", name=op.f("ck_proposals_state")),
        sa.CheckConstraint("state = 'withdrawn' OR decided_by <> proposed_by", name=op.f("ck_proposals_second_person")),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f("ck_proposals_decided")),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_proposals_reason")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_proposals_proposed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_proposals_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index("ix_proposals_state_id", "proposals", ["state", "id"])
    op.create_index(
        "uq_proposals_one_open",
        "proposals",
        ["kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.add_column("orders", sa.Column("clawed_back_cents", sa.BigInteger(), server_default="0", nullable=False))
    op.create_check_constraint(
        op.f("ck_orders_clawed_back"), "orders", "clawed_back_cents BETWEEN 0 AND price_cents - refunded_cents"
    )
    op.drop_constraint(op.f("ck_orders_state"), "orders")
    op.create_check_constraint(
        op.f("ck_orders_state"),
        "orders",
        "state IN ('held', 'disputed', 'partly_refunded', 'refunded', 'released', 'clawed_back')",
    )


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
