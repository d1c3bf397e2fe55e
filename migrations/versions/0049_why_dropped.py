"""A decision that waited and was not carried out is kept for whoever made it, with the reason."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waiting_decisions", sa.Column("why", sa.String(), nullable=True))
    op.create_check_constraint(
        op.f("ck_waiting_decisions_why"), "waiting_decisions", "why IS NULL OR taken_back_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_waiting_decisions_why"), "waiting_decisions")
    op.drop_column("waiting_decisions", "why")
