"""A typo put right within the time to answer is no refund."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_STATES = "'open', 'answered', 'upheld', 'partly_upheld', 'rejected', 'withdrawn', 'conceded'"
_CHECKS = {
    "state": "state IN ('offered', 'tried', 'accepted', 'failed', 'lapsed')",
    "field": "field IN ('phone', 'email', 'first_name', 'last_name', 'full_name')",
    "sealed": "(state IN ('offered', 'tried')) = (sealed IS NOT NULL)",
    "ended": "(state IN ('offered', 'tried')) = (ended_at IS NULL)",
    "tried": "state NOT IN ('tried', 'accepted', 'failed') OR tried_at IS NOT NULL",
}


def upgrade() -> None:
    op.drop_constraint(op.f("ck_disputes_state"), "disputes")
    op.create_check_constraint(op.f("ck_disputes_state"), "disputes", f"state IN ({_STATES}, 'corrected')")
    op.create_table(
        "corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_corrections_{name}")) for name, rule in _CHECKS.items()),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_corrections_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("dispute_id", name=op.f("uq_corrections_dispute_id")),
    )
    open_ones = sa.text("state IN ('offered', 'tried')")
    op.create_index("ix_corrections_open", "corrections", ["until"], postgresql_where=open_ones)


def downgrade() -> None:
    op.drop_table("corrections")
    op.drop_constraint(op.f("ck_disputes_state"), "disputes")
    op.create_check_constraint(op.f("ck_disputes_state"), "disputes", f"state IN ({_STATES})")
