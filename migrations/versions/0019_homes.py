"""Where the database lives, so that a restore is noticed; what left us in a time that was lost may be owed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OWED = (("payout_reserve", "supplier_receivable"), ("refund_card_reserve", "buyer_receivable"))


def upgrade() -> None:
    op.create_table(
        "homes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_homes")),
    )
    rules = sa.table("ledger_rules", sa.column("entry_kind"), sa.column("side"), sa.column("account_kind"))
    rows = [{"entry_kind": kind, "side": "debit", "account_kind": account} for kind, account in _OWED]
    op.bulk_insert(rules, rows)


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
