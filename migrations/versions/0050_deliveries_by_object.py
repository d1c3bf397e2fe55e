"""A delivery of a CRM is known by its event and its object; what was passed over is not kept."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_KEY = "pk_hook_events"


def upgrade() -> None:
    op.execute("DELETE FROM hook_events WHERE outcome_id IS NULL OR order_id IS NULL")
    op.alter_column("hook_events", "order_id", nullable=False)
    op.alter_column("hook_events", "outcome_id", nullable=False)
    op.add_column("hook_events", sa.Column("object_id", sa.String(), nullable=False, server_default=""))
    op.alter_column("hook_events", "object_id", server_default=None)
    op.drop_constraint(op.f(_KEY), "hook_events")
    op.create_primary_key(op.f(_KEY), "hook_events", ["org_id", "event_id", "object_id"])
    op.create_index("ix_hook_events_at", "hook_events", ["at"])


def downgrade() -> None:
    op.drop_index("ix_hook_events_at", "hook_events")
    op.execute("DELETE FROM hook_events WHERE object_id <> ''")
    op.drop_constraint(op.f(_KEY), "hook_events")
    op.create_primary_key(op.f(_KEY), "hook_events", ["org_id", "event_id"])
    op.drop_column("hook_events", "object_id")
    op.alter_column("hook_events", "outcome_id", nullable=True)
    op.alter_column("hook_events", "order_id", nullable=True)
