"""How far the person of a lead is, and what was found out about it since. Leads of before have no class."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint(op.f("ck_leads_qualification"), "leads", "qualification IN ('IQL', 'MQL', 'SQL')")
    op.create_table(
        "lead_qualifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("was", sa.String(), nullable=True),
        sa.Column("now", sa.String(), nullable=False),
        *(sa.Column(flag, sa.Boolean(), nullable=True) for flag in ("need", "wish", "ability")),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("now IN ('IQL', 'MQL', 'SQL')", name=op.f("ck_lead_qualifications_now")),
        sa.CheckConstraint(
            "by IN ('manager', 'chatbot', 'quiz', 'behaviour', 'algorithm')", name=op.f("ck_lead_qualifications_by")
        ),
        sa.CheckConstraint(
            "(now = 'SQL') = (coalesce(need AND wish AND ability, false))",
            name=op.f("ck_lead_qualifications_all_three"),
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_qualifications_lead_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_lead_qualifications_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_qualifications")),
    )
    op.create_index("ix_lead_qualifications_lead_id_id", "lead_qualifications", ["lead_id", "id"])


def downgrade() -> None:
    op.drop_table("lead_qualifications")
    op.drop_constraint(op.f("ck_leads_qualification"), "leads")
