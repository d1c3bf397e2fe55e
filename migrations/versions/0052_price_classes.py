"""What leads of each qualification are paid, against the usual lead of their trade."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_classes",
        sa.Column("vertical", sa.String(), nullable=False),
        sa.Column("qualification", sa.String(), nullable=False),
        sa.Column("log_ratio", sa.Float(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count >= 1", name=op.f("ck_price_classes_count")),
        sa.CheckConstraint("qualification IN ('IQL', 'MQL', 'SQL')", name=op.f("ck_price_classes_qualification")),
        sa.PrimaryKeyConstraint("vertical", "qualification", name=op.f("pk_price_classes")),
    )


def downgrade() -> None:
    op.drop_table("price_classes")
