"""Usual prices and demand, counted for advice."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_bases",
        *_text("vertical", "currency", "country", "region"),
        sa.Column("log_price", sa.Float(), nullable=False),
        sa.Column("spread", sa.Float(), nullable=False),
        *_counts("count", "whole"),
        sa.CheckConstraint("count BETWEEN 1 AND whole", name=op.f("ck_price_bases_count")),
        sa.PrimaryKeyConstraint("vertical", "currency", "country", "region", name=op.f("pk_price_bases")),
    )
    op.create_table(
        "demands",
        *_text("vertical", "country", "region"),
        *_counts("bought", "buyers", "on_sale"),
        sa.CheckConstraint("bought >= 0 AND buyers >= 0 AND on_sale >= 0", name=op.f("ck_demands_counts")),
        sa.PrimaryKeyConstraint("vertical", "country", "region", name=op.f("pk_demands")),
    )
    op.create_index("ix_sold_leads_placed_at", "sold_leads", ["placed_at"])


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _counts(*names: str) -> list[sa.Column[object]]:
    counts = [sa.Column(name, sa.Integer(), nullable=False) for name in names]
    return [*counts, sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False)]


def downgrade() -> None:
    op.drop_index("ix_sold_leads_placed_at")
    op.drop_table("demands")
    op.drop_table("price_bases")
