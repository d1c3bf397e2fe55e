"""Staff can take a decision back for half a minute: until then it waits."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_decisions",
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("reasoning", sa.String(), nullable=False),
        sa.Column("early_reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("falls_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("percent IN (0, 25, 50, 100)", name=op.f("ck_waiting_decisions_percent")),
        sa.CheckConstraint("side IN ('buyer', 'agency')", name=op.f("ck_waiting_decisions_side")),
        sa.CheckConstraint("(side IS NULL) <> (outcome IS NULL)", name=op.f("ck_waiting_decisions_outcome")),
        sa.CheckConstraint("falls_at > made_at", name=op.f("ck_waiting_decisions_falls_at")),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_waiting_decisions_dispute_id_disputes")),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisations.id"], name=op.f("fk_waiting_decisions_org_id_organisations")
        ),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_waiting_decisions")),
    )
    op.create_index("ix_waiting_decisions_falls_at", "waiting_decisions", ["falls_at"])


def downgrade() -> None:
    op.drop_table("waiting_decisions")
