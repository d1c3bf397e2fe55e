"""A buyer's newest tested leads are found without a look at all others."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_tested_leads_newest",
        "tested_leads",
        ["buyer_id", "entered_at"],
        postgresql_include=["reported", "chance"],
        postgresql_where=sa.text("chance IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_tested_leads_newest", "tested_leads")
