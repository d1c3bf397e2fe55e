"""What Stripe is asked to do as rows; webhooks keep only which object they are about, and may become dead letters."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stripe_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('intended', 'unknown', 'done', 'refused')", name=op.f("ck_stripe_calls_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_calls")),
        sa.UniqueConstraint("key", name=op.f("uq_stripe_calls_key")),
    )
    op.create_index(
        "ix_stripe_calls_due",
        "stripe_calls",
        ["next_at"],
        postgresql_where=sa.text("state IN ('intended', 'unknown')"),
    )
    op.create_index("ix_stripe_calls_subject_id", "stripe_calls", ["subject_id"])
    op.execute(
        "INSERT INTO stripe_calls (id, kind, subject_id, key, state, tries, created_at, next_at)"
        " SELECT gen_random_uuid(), 'open_checkout', id, format('top_up:%s\\:checkout', id),"
        " CASE WHEN state = 'created' AND session_id IS NULL THEN 'intended' ELSE 'done' END, 0, created_at, created_at"
        " FROM top_ups"
    )
    op.drop_column("stripe_events", "payload")
    op.add_column("stripe_events", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("stripe_events", "tries", server_default=None)
    op.add_column("stripe_events", sa.Column("why", sa.String(), nullable=True))
    op.add_column("stripe_events", sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_stripe_events_open", "stripe_events")
    op.create_index(
        "ix_stripe_events_open",
        "stripe_events",
        ["received_at"],
        postgresql_where=sa.text("handled_at IS NULL AND dead_at IS NULL"),
    )
    op.create_index(
        "ix_stripe_events_dead", "stripe_events", ["dead_at"], postgresql_where=sa.text("dead_at IS NOT NULL")
    )


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
