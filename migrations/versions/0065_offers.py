"""A purchase asks all that keeps a lead back before its price, and locks the persons of its leads before its wallet."""

from pathlib import Path

from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0065"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().connection.driver_connection.execute((_SQL / "0065_offers.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
