"""The person in a disputed lead is asked whether they had asked."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_CHECKS = {
    "answer": "answer IN ('asked', 'not_me', 'stop')",
    "answered": "(answer IS NULL) = (answered_at IS NULL)",
    "late": "NOT is_late OR answer IS NOT NULL",
    "life": "expires_at > asked_at",
}


def upgrade() -> None:
    op.create_table(
        "person_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False, server_default="false"),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_person_questions_{name}")) for name, rule in _CHECKS.items()),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_person_questions_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_questions")),
        sa.UniqueConstraint("dispute_id", name=op.f("uq_person_questions_dispute_id")),
        sa.UniqueConstraint("token", name=op.f("uq_person_questions_token")),
    )
    op.create_index("ix_person_questions_address", "person_questions", ["address", "asked_at"])
    late = sa.text("is_late")
    op.create_index("ix_person_questions_late", "person_questions", ["answered_at"], postgresql_where=late)


def downgrade() -> None:
    op.drop_table("person_questions")
