"""A purchase for a price and one that is paid by the sale share one function: key, slot, refusals, order, event."""

from pathlib import Path

from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().connection.driver_connection.execute((_SQL / "0044_orders.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
