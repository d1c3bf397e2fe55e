"""The whole chart of accounts, the posting rules, and the terms that an agency's grade brings."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_rules",
        sa.Column("entry_kind", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("account_kind", sa.String(), nullable=False),
        sa.CheckConstraint("side IN ('debit', 'credit')", name=op.f("ck_ledger_rules_side")),
        sa.ForeignKeyConstraint(["account_kind"], ["ledger_kinds.kind"], name=op.f("fk_ledger_rules_account_kind")),
        sa.PrimaryKeyConstraint("entry_kind", "side", "account_kind", name=op.f("pk_ledger_rules")),
    )
    op.create_table(
        "grade_terms",
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fee_bp", sa.Integer(), nullable=False),
        sa.Column("reserve_bp", sa.Integer(), nullable=False),
        sa.Column("reserve_days", sa.Integer(), nullable=False),
        sa.Column("payout_rhythm", sa.String(), nullable=False),
        sa.Column("first_payout_days", sa.Integer(), nullable=False),
        sa.Column("visibility_bp", sa.Integer(), nullable=False),
        sa.Column("most_unmatured", sa.Integer(), nullable=True),
        sa.Column("audit_bp", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("grade IN ('new', 'A', 'B', 'C', 'D', 'E', 'F')", name=op.f("ck_grade_terms_grade")),
        sa.CheckConstraint(
            "payout_rhythm IN ('same_day', 'daily', 'weekly', 'held')", name=op.f("ck_grade_terms_payout_rhythm")
        ),
        sa.CheckConstraint(
            "fee_bp BETWEEN 0 AND 10000 AND reserve_bp BETWEEN 0 AND 10000 AND audit_bp BETWEEN 0 AND 10000",
            name=op.f("ck_grade_terms_rates"),
        ),
        sa.CheckConstraint("reserve_days >= 0 AND first_payout_days >= 0", name=op.f("ck_grade_terms_days")),
        sa.PrimaryKeyConstraint("grade", "number", name=op.f("pk_grade_terms")),
    )
    op.add_column("organisations", sa.Column("grade", sa.String(), server_default="new", nullable=False))
    op.create_check_constraint(
        op.f("ck_organisations_grade"), "organisations", "grade IN ('new', 'A', 'B', 'C', 'D', 'E', 'F')"
    )
    for name in ("0002_ledger.sql", "0002_grades.sql"):
        op.get_bind().connection.driver_connection.execute((_SQL / name).read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
