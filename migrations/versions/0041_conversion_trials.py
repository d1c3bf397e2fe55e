"""Buyers try the conversion score on an export of their own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_CHECKS = {
    "state": "state IN ('sending', 'looking', 'waiting', 'running', 'done', 'failed', 'gone')",
    "result": "(state = 'done') = (result IS NOT NULL)",
    "failure": "state <> 'failed' OR failure IS NOT NULL",
    "finished": "state IN ('done', 'failed', 'gone') = (finished_at IS NOT NULL)",
    "stored": "finished_at IS NOT NULL OR stored_as IS NOT NULL",
    "forgotten": "finished_at IS NULL OR (columns IS NULL AND fingerprint IS NULL)",
    "looked_at": "state NOT IN ('waiting', 'running') OR columns IS NOT NULL",
    "chosen": "state <> 'running' OR choice IS NOT NULL",
}


def upgrade() -> None:
    op.create_table(
        "conversion_trials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("stored_as", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("columns", JSONB(), nullable=True),
        sa.Column("choice", JSONB(), nullable=True),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_conversion_trials_{name}")) for name, rule in _CHECKS.items()),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_conversion_trials_org_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_conversion_trials_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversion_trials")),
    )
    op.create_index("ix_conversion_trials_org_id_id", "conversion_trials", ["org_id", "id"])
    lying = sa.text("stored_as IS NOT NULL")
    op.create_index("ix_conversion_trials_stored", "conversion_trials", ["created_at"], postgresql_where=lying)


def downgrade() -> None:
    op.drop_table("conversion_trials")
