"""Leads that are paid by the sale: terms of a commission, deposits, reported sales and what is released of them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

_SQL = Path(__file__).parents[1] / "sql"
_PER_LEAD = (
    "pricing = 'per_lead' AND state IN ('held', 'disputed', 'partly_refunded', 'refunded', 'released',"
    " 'clawed_back', 'frozen', 'charged_back')"
)
_PER_SALE = (
    "pricing = 'per_sale' AND state IN ('acquired', 'reported', 'commission_due', 'held', 'released',"
    " 'reversed', 'no_sale_claimed', 'closed_no_sale', 'overdue', 'audit', 'disputed', 'refunded')"
)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _listings()
    _orders()
    _acquisitions()
    _sales()
    _releases()
    op.get_bind().connection.driver_connection.execute((_SQL / "0010_sales.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")


def _listings() -> None:
    op.add_column("listings", sa.Column("commission", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_check_constraint(op.f("ck_listings_pricing"), "listings", "pricing IN ('per_lead', 'per_sale')")
    op.create_check_constraint(
        op.f("ck_listings_commission"), "listings", "(pricing = 'per_sale') = (commission IS NOT NULL)"
    )


def _orders() -> None:
    op.add_column("orders", sa.Column("pricing", sa.String(), server_default="per_lead", nullable=False))
    op.drop_constraint(op.f("ck_orders_state"), "orders", type_="check")
    op.create_check_constraint(op.f("ck_orders_state"), "orders", f"({_PER_LEAD}) OR ({_PER_SALE})")
    for name, column, where in (
        ("ix_orders_due", "releasable_at", "state IN ('held', 'partly_refunded')"),
        ("ix_orders_reserve_due", "reserve_until", "state = 'released' AND NOT reserve_paid"),
    ):
        op.drop_index(name, table_name="orders")
        op.create_index(name, "orders", [column], postgresql_where=sa.text(f"pricing = 'per_lead' AND {where}"))


def _acquisitions() -> None:
    op.create_table(
        "acquisitions",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("report_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("is_overdue", sa.Boolean(), nullable=False),
        sa.Column("deposit_back", sa.Boolean(), nullable=False),
        sa.Column("no_sale", sa.String(), nullable=True),
        sa.Column("no_sale_note", sa.String(), nullable=False),
        sa.Column("no_sale_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contest", sa.String(), nullable=True),
        sa.Column("audit_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reasoning", sa.String(), nullable=True),
        sa.CheckConstraint(
            "no_sale IN ('not_reached', 'not_interested', 'went_elsewhere', 'not_eligible', 'price', 'other')",
            name=op.f("ck_acquisitions_no_sale"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_acquisitions_order_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_acquisitions_buyer_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_acquisitions")),
    )
    for column in ("next_step_at", "answer_by"):
        op.create_index(
            f"ix_acquisitions_{column}", "acquisitions", [column], postgresql_where=sa.text(f"{column} IS NOT NULL")
        )
    op.create_index("ix_acquisitions_overdue", "acquisitions", ["buyer_id"], postgresql_where=sa.text("is_overdue"))


def _sales() -> None:
    cents = ("commission_cents", "paid_cents", "returned_cents", "released_cents")
    op.create_table(
        "sales",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("reported_via", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in cents),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("commissions", "reversals", "releases")),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversal_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_reason", sa.String(), nullable=True),
        sa.Column("contest", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reasoning", sa.String(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stops_buying_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("releasable_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('reported', 'contested', 'commission_due', 'held', 'released', 'reversed', 'void')",
            name=op.f("ck_sales_state"),
        ),
        sa.CheckConstraint("amount_cents >= 0 AND commission_cents >= 0", name=op.f("ck_sales_amounts")),
        sa.CheckConstraint("released_cents >= 0 AND returned_cents >= 0", name=op.f("ck_sales_parts")),
        sa.CheckConstraint(
            "paid_cents - returned_cents BETWEEN released_cents AND commission_cents", name=op.f("ck_sales_paid")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_sales_order_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_sales_buyer_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_sales_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales")),
    )
    _indexes_of_sales()


def _indexes_of_sales() -> None:
    op.create_index(
        "uq_sales_reference",
        "sales",
        ["order_id", "reference"],
        unique=True,
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_index(
        "uq_sales_first",
        "sales",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("NOT is_repeat AND state NOT IN ('reversed', 'void')"),
    )
    op.create_index(op.f("ix_sales_order_id"), "sales", ["order_id"])
    for side in ("buyer_id", "agency_id"):
        op.create_index(f"ix_sales_{side}_id", "sales", [side, "id"])
    for column in ("answer_by", "next_due_at", "releasable_at"):
        op.create_index(f"ix_sales_{column}", "sales", [column], postgresql_where=sa.text(f"{column} IS NOT NULL"))
    op.create_index("ix_sales_unpaid", "sales", ["buyer_id"], postgresql_where=sa.text("stops_buying_at IS NOT NULL"))


def _releases() -> None:
    op.create_table(
        "sale_releases",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("reserve_cents", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserve_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserve_paid", sa.Boolean(), nullable=False),
        sa.CheckConstraint("reserve_cents BETWEEN 0 AND cents", name=op.f("ck_sale_releases_reserve")),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_sale_releases_sale_id")),
        sa.PrimaryKeyConstraint("sale_id", "number", name=op.f("pk_sale_releases")),
    )
    op.create_index(
        "ix_sale_releases_due", "sale_releases", ["reserve_until"], postgresql_where=sa.text("NOT reserve_paid")
    )
