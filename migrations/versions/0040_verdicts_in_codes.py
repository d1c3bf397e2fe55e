"""By which published rule staff's act decided a dispute: our own words are no longer kept in one language."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("disputes", sa.Column("rule", sa.String(), nullable=True))
    op.create_check_constraint(
        op.f("ck_disputes_rule"), "disputes", "rule IS NULL OR rule = 'hired_batch' AND reasoning IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_disputes_rule"), "disputes")
    op.drop_column("disputes", "rule")
