"""A proven filler who was paid voids the batch."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_BATCHES = {
    "state": "state IN ('proposed', 'running', 'done', 'refused')",
    "kind": (
        "kind = 'import' AND import_id IS NOT NULL AND mark IS NULL AND day IS NULL"
        " OR kind = 'sub_id' AND mark IS NOT NULL AND day IS NOT NULL AND import_id IS NULL"
        " OR kind = 'campaign' AND mark IS NOT NULL AND day IS NULL AND import_id IS NULL"
    ),
    "second_person": "state NOT IN ('running', 'done') OR decided_by <> proposed_by",
    "decided": "(state = 'proposed') = (decided_by IS NULL)",
    "done": "(state = 'done') = (done_at IS NOT NULL)",
}
_ORDERS = {
    "result": "result IN ('refunded', 'claw_back', 'left')",
    "why": "(result = 'left') = (why IS NOT NULL) AND cents >= 0",
}


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("mark", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_for", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_reason", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_batches_{name}")) for name, rule in _BATCHES.items()),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_batches_agency_id")),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_batches_dispute_id")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_batches_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    open_ones = sa.text("state IN ('proposed', 'running')")
    op.create_index("uq_batches_one_open", "batches", ["dispute_id", "kind"], unique=True, postgresql_where=open_ones)
    op.create_table(
        "batch_orders",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_batch_orders_{name}")) for name, rule in _ORDERS.items()),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_orders_batch_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_batch_orders_order_id")),
        sa.PrimaryKeyConstraint("batch_id", "order_id", name=op.f("pk_batch_orders")),
    )
    op.create_index(op.f("ix_batch_orders_order_id"), "batch_orders", ["order_id"])


def downgrade() -> None:
    op.drop_table("batch_orders")
    op.drop_table("batches")
