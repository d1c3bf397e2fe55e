"""A window that becomes shorter does so for who buys a day later."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listings", sa.Column("earlier_window_days", sa.Integer(), nullable=True))
    op.add_column("listings", sa.Column("earlier_window_until", sa.DateTime(timezone=True), nullable=True))
    op.get_bind().connection.driver_connection.execute((_SQL / "0067_windows.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
