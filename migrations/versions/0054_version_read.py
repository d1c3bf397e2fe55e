"""A decision names the version of the dispute that it rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # what waits at this moment is given back to whoever decided it: nobody knows what they had read
    op.add_column("waiting_decisions", sa.Column("version", sa.String(), nullable=False, server_default=""))
    op.alter_column("waiting_decisions", "version", server_default=None)


def downgrade() -> None:
    op.drop_column("waiting_decisions", "version")
