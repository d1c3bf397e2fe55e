"""An event of Stripe may be about an object of a connected account."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stripe_events", sa.Column("account_id", sa.String(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
