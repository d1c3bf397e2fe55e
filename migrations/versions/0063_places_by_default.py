"""A lead that says nothing of its place gets one: processes of before places go on while new ones are started."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("leads", "place", server_default=sa.func.now())


def downgrade() -> None:
    op.alter_column("leads", "place", server_default=None)
