"""What is on sale stands once in the database; a person who was sold, or is being sold, is sold once as exclusive."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0061"
down_revision = "0064"  # which was there before
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_lead_twins_twin_id_lead_id", "lead_twins", ["twin_id", "lead_id"])
    # what they said is read from the two leads themselves; processes of before go on saying it (`env.py`)
    op.drop_constraint(op.f("ck_lead_twins_sold_or_on_sale"), "lead_twins")
    op.alter_column("lead_twins", "if_sold", server_default=sa.false())
    op.alter_column("lead_twins", "if_on_sale", server_default=sa.false())
    op.get_bind().connection.driver_connection.execute((_SQL / "0061_offered.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
