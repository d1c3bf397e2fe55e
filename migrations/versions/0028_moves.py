"""An order changes its state as the rules say, and nobody gives away alone what takes two, whoever writes the row."""

from pathlib import Path

from alembic import op

_SQL = Path(__file__).parents[1] / "sql"
_ALONE = (
    "state <> 'approved' OR decided_by IS NOT NULL OR kind IN ('goodwill', 'promo_grant') AND amount_cents <= 10000"
)

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().connection.driver_connection.execute((_SQL / "0028_moves.sql").read_text())
    op.create_check_constraint(op.f("ck_proposals_alone"), "proposals", _ALONE)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_proposals_alone"), "proposals")
    op.execute("DROP TRIGGER moves ON orders")
    op.execute("DROP FUNCTION refuse_move(), order_moves(text)")
