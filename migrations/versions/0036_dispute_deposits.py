"""A buyer that loses nearly all of its disputes leaves a deposit with each."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_CHECKS = {
    "state": "state IN ('held', 'returned', 'forfeited') AND cents > 0",
    "settled": "(state = 'held') = (settled_at IS NULL)",
}


def upgrade() -> None:
    op.create_table(
        "dispute_deposits",
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_dispute_deposits_{name}")) for name, rule in _CHECKS.items()),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_deposits_dispute_id")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_dispute_deposits")),
    )
    held = sa.text("state = 'held'")
    op.create_index("ix_dispute_deposits_held", "dispute_deposits", ["dispute_id"], postgresql_where=held)


def downgrade() -> None:
    op.drop_table("dispute_deposits")
