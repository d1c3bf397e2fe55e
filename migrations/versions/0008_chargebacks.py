"""Payments that a bank takes back, and the orders that answer for them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chargebacks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stripe_id", sa.String(), nullable=False),
        sa.Column("top_up_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_booked", sa.Boolean(), nullable=False),
        sa.Column("frozen_cents", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "amount_cents > 0 AND frozen_cents BETWEEN 0 AND amount_cents", name=op.f("ck_chargebacks_amounts")
        ),
        sa.CheckConstraint(
            "state IN ('inquiry', 'needs_answer', 'under_review', 'won', 'lost')", name=op.f("ck_chargebacks_state")
        ),
        sa.ForeignKeyConstraint(["top_up_id"], ["top_ups.id"], name=op.f("fk_chargebacks_top_up_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_chargebacks_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargebacks")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_chargebacks_stripe_id")),
    )
    op.create_index(op.f("ix_chargebacks_top_up_id"), "chargebacks", ["top_up_id"])
    op.create_index("ix_chargebacks_org_id_id", "chargebacks", ["org_id", "id"])
    op.create_index(
        "ix_chargebacks_open", "chargebacks", ["id"], postgresql_where=sa.text("state NOT IN ('won', 'lost')")
    )
    op.add_column("orders", sa.Column("charged_back_cents", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("orders", sa.Column("frozen_from", sa.String(), nullable=True))
    op.add_column("orders", sa.Column("frozen_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_orders_frozen_by"), "orders", "chargebacks", ["frozen_by"], ["id"])
    op.create_index(op.f("ix_orders_frozen_by"), "orders", ["frozen_by"])
    for name in ("state", "clawed_back"):
        op.drop_constraint(op.f(f"ck_orders_{name}"), "orders")
    for name, rule in _RULES.items():
        op.create_check_constraint(op.f(f"ck_orders_{name}"), "orders", rule)


_RULES = {
    "state": (
        "state IN ('held', 'disputed', 'partly_refunded', 'refunded', 'released', 'clawed_back', 'frozen',"
        " 'charged_back')"
    ),
    "clawed_back": "clawed_back_cents BETWEEN 0 AND price_cents - refunded_cents - charged_back_cents",
    "charged_back": "charged_back_cents BETWEEN 0 AND price_cents - refunded_cents",
    "frozen": "(state = 'frozen') = (frozen_by IS NOT NULL)",
}


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
