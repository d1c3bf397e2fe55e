"""Of a trial without a result nothing stays that its file held: its choice names columns and a value."""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE conversion_trials SET choice = NULL WHERE state IN ('failed', 'gone')")
    op.create_check_constraint(
        op.f("ck_conversion_trials_unchosen"), "conversion_trials", "state NOT IN ('failed', 'gone') OR choice IS NULL"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_conversion_trials_unchosen"), "conversion_trials")
