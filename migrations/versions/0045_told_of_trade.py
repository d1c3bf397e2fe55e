"""The share of a trade's leads that bought is read from an index, of the newest that are old enough."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_sold_leads_told_of_trade",
        "sold_leads",
        ["vertical", "placed_at"],
        postgresql_include=["won_at"],
        postgresql_where=sa.text("matured_at IS NOT NULL AND stage <> 'new'"),
    )


def downgrade() -> None:
    op.drop_index("ix_sold_leads_told_of_trade", "sold_leads")
