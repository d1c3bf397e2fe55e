"""What was said for a buyer when a batch was voided is told from what the buyer said."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("disputes", sa.Column("said_for_buyer", sa.Boolean(), nullable=False, server_default="false"))
    # only these leave nobody any time
    op.execute("UPDATE disputes SET said_for_buyer = true WHERE answer_by = opened_at AND decide_by = opened_at")


def downgrade() -> None:
    op.drop_column("disputes", "said_for_buyer")
