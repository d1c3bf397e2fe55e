"""What comes back to a buyer repays its debt first or is frozen with the rest; who owes buys nothing."""

from pathlib import Path

from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().connection.driver_connection.execute((_SQL / "0066_debts.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
