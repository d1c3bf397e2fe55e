"""Nobody buys a lead whose person wants no more contact, whenever it came in."""

from pathlib import Path

from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().connection.driver_connection.execute((_SQL / "0057_withdrawn.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("who wants no more contact is not sold again: restore a backup instead")
