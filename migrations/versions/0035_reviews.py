"""Some decisions are made again by somebody who does not know them."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_CHECKS = {
    "percent": "first_percent IN (0, 25, 50, 100) AND percent IN (0, 25, 50, 100)",
    "another_reviewer": "decided_by <> first_by",
    "decided": "(decided_at IS NULL) = (percent IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
}


def upgrade() -> None:
    op.create_table(
        "blind_reviews",
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=True),
        sa.Column("first_percent", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("reasoning", sa.String(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_blind_reviews_{name}")) for name, rule in _CHECKS.items()),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_blind_reviews_dispute_id")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_blind_reviews")),
    )
    waiting = sa.text("decided_at IS NULL")
    op.create_index("ix_blind_reviews_waiting", "blind_reviews", ["drawn_at"], postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("blind_reviews")
