"""What staff told a bank while it only asked is kept when it takes the payment back and wants another answer."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chargebacks", sa.Column("inquiry_answer", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("chargebacks", "inquiry_answer")
