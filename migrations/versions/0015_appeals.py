"""A decision can be appealed once by each side; somebody else decides that."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OUTCOME = (
    "state = 'open' OR percent_after = percent_before AND state = 'lost'"
    " OR percent_after > percent_before AND state = 'won' AND side = 'buyer'"
    " OR percent_after < percent_before AND state = 'won' AND side = 'agency'"
)
_CHECKS = {
    "side": "side IN ('buyer', 'agency')",
    "state": "state IN ('open', 'won', 'lost')",
    "decided": "(state = 'open') = (decided_at IS NULL)",
    "percent_after": "(state = 'open') = (percent_after IS NULL)",
    "outcome": _OUTCOME,
    "another_reviewer": "decided_by <> first_decided_by",
}


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_decided_by", sa.Uuid(), nullable=True),
        sa.Column("percent_before", sa.Integer(), nullable=False),
        sa.Column("percent_after", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasoning", sa.String(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_appeals_{name}")) for name, rule in _CHECKS.items()),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_appeals_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("dispute_id", "side", name=op.f("uq_appeals_dispute_id_side")),
    )
    op.create_index("ix_appeals_open", "appeals", ["decide_by"], postgresql_where=sa.text("state = 'open'"))


def downgrade() -> None:
    op.drop_table("appeals")
