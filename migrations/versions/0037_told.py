"""How warm leads of a listing turned out is counted from the newest of which the buyer said anything."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_sold_leads_listing_id_channel_placed_at",
        "sold_leads",
        ["listing_id", "channel", "placed_at"],
        postgresql_where=sa.text("stage <> 'new'"),
    )


def downgrade() -> None:
    op.drop_index("ix_sold_leads_listing_id_channel_placed_at")
