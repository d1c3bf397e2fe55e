"""Leads paid by card: what a top-up is for. And outcomes of leads at their buyers."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "top_ups", sa.Column("is_for_purchase", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_table(
        "purchase_intents",
        sa.Column("top_up_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("terms_version", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("refused", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'bought', 'refused', 'lapsed')", name=op.f("ck_purchase_intents_state")
        ),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_purchase_intents_ended")),
        sa.CheckConstraint("(state = 'bought') = (order_id IS NOT NULL)", name=op.f("ck_purchase_intents_bought")),
        sa.CheckConstraint("(state = 'refused') = (refused IS NOT NULL)", name=op.f("ck_purchase_intents_refused")),
        sa.CheckConstraint("price_cents > 0", name=op.f("ck_purchase_intents_price")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_purchase_intents_lead_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_purchase_intents_order_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_purchase_intents_org_id")),
        sa.ForeignKeyConstraint(["top_up_id"], ["top_ups.id"], name=op.f("fk_purchase_intents_top_up_id")),
        sa.PrimaryKeyConstraint("top_up_id", name=op.f("pk_purchase_intents")),
        sa.UniqueConstraint("order_id", name=op.f("uq_purchase_intents_order_id")),
    )
    op.create_index(op.f("ix_purchase_intents_lead_id"), "purchase_intents", ["lead_id"])
    op.create_index(
        "ix_purchase_intents_waiting",
        "purchase_intents",
        ["org_id", "lead_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('contacted', 'qualified', 'won', 'lost', 'deferred')", name=op.f("ck_outcomes_stage")
        ),
        sa.CheckConstraint(
            "amount_cents IS NULL OR (stage = 'won' AND amount_cents > 0)", name=op.f("ck_outcomes_amount")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_outcomes_agency_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_outcomes_buyer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_outcomes_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    latest = {"postgresql_where": sa.text("is_latest")}
    op.create_index("ix_outcomes_latest", "outcomes", ["order_id"], unique=True, **latest)
    op.create_index("ix_outcomes_buyer_id_stage", "outcomes", ["buyer_id", "stage", "order_id"], **latest)
    op.create_index("ix_outcomes_order_id_id", "outcomes", ["order_id", "id"])
    op.create_index("ix_outcomes_buyer_id_id", "outcomes", ["buyer_id", "id"])
    op.create_index("ix_outcomes_agency_id_id", "outcomes", ["agency_id", "id"])


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
