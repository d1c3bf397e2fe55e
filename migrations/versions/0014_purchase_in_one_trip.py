"""The purchase with what its answer shows, in one statement."""

from pathlib import Path

from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().connection.driver_connection.execute((_SQL / "0014_orders.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
