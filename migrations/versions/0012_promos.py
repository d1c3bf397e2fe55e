"""Promo money: gifts, and which of them paid for which order."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promo_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expiries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_promo_grants_amount")),
        sa.ForeignKeyConstraint(["id"], ["proposals.id"], name=op.f("fk_promo_grants_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_promo_grants_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promo_grants")),
    )
    op.create_index("ix_promo_grants_org_id_ends_at", "promo_grants", ["org_id", "ends_at"])
    op.create_index(op.f("ix_promo_grants_ends_at"), "promo_grants", ["ends_at"])
    op.create_table(
        "order_promos",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_order_promos_cents")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_promos_order_id")),
        sa.ForeignKeyConstraint(["grant_id"], ["promo_grants.id"], name=op.f("fk_order_promos_grant_id")),
        sa.PrimaryKeyConstraint("order_id", "grant_id", name=op.f("pk_order_promos")),
    )
    op.create_index(op.f("ix_order_promos_grant_id"), "order_promos", ["grant_id"])
    op.get_bind().connection.driver_connection.execute((_SQL / "0012_promos.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
