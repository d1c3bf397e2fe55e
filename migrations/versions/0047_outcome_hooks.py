"""A buyer's CRM delivers outcomes to an address of its own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outcome_hooks",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("hint", sa.String(), nullable=True),
        sa.Column("stages", JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(token IS NULL) = (hint IS NULL)", name=op.f("ck_outcome_hooks_hint")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_outcome_hooks_org_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outcome_hooks_user_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_outcome_hooks")),
        sa.UniqueConstraint("token", name=op.f("uq_outcome_hooks_token")),
    )
    op.create_table(
        "hook_events",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["outcome_hooks.org_id"], name=op.f("fk_hook_events_org_id")),
        sa.PrimaryKeyConstraint("org_id", "event_id", name=op.f("pk_hook_events")),
    )


def downgrade() -> None:
    op.drop_table("hook_events")
    op.drop_table("outcome_hooks")
