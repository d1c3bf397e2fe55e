"""Who was put off is taken up again on a day that the buyer chose."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcomes", sa.Column("remind_on", sa.Date(), nullable=True))
    op.add_column("outcomes", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_outcomes_remind_on"), "outcomes", "remind_on IS NULL OR stage = 'deferred'")
    op.create_check_constraint(
        op.f("ck_outcomes_reminded_at"), "outcomes", "reminded_at IS NULL OR remind_on IS NOT NULL"
    )
    op.create_index(
        "ix_outcomes_remind_on",
        "outcomes",
        ["remind_on"],
        postgresql_where=sa.text("is_latest AND remind_on IS NOT NULL AND reminded_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outcomes_remind_on")
    op.drop_column("outcomes", "reminded_at")
    op.drop_column("outcomes", "remind_on")
