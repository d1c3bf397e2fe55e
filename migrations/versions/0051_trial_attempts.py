"""How often a trial was begun."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversion_trials", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("conversion_trials", "attempts", server_default=None)


def downgrade() -> None:
    op.drop_column("conversion_trials", "attempts")
