"""Where agencies are paid to, payouts, sweeps of our own money, the movements that Stripe lists, sold-out agencies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "balance_lines",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("net_cents", sa.BigInteger(), nullable=False),
        sa.Column("fee_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_balance_lines")),
    )
    op.create_index("ix_balance_lines_currency_at", "balance_lines", ["currency", "at"], unique=False)
    op.create_table(
        "balance_readings",
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("at_stripe_cents", sa.BigInteger(), nullable=False),
        sa.Column("available_cents", sa.BigInteger(), nullable=False),
        sa.Column("of_lines_cents", sa.BigInteger(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("currency", name=op.f("pk_balance_readings")),
    )
    op.create_table(
        "sweeps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("stripe_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'unknown', 'sent', 'paid', 'failed', 'refused')", name=op.f("ck_sweeps_state")
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_sweeps_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweeps")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_sweeps_stripe_id")),
    )
    op.create_index(
        "uq_sweeps_one_open",
        "sweeps",
        ["currency"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'unknown')"),
    )
    op.create_table(
        "full_agencies",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_full_agencies_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_full_agencies")),
    )
    op.create_table(
        "payout_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_id", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("transfers", sa.String(), nullable=True),
        sa.Column("payouts", sa.String(), nullable=True),
        sa.Column("needs", postgresql.JSONB(), nullable=False),
        sa.Column("bank_name", sa.String(), nullable=True),
        sa.Column("bank_last4", sa.String(), nullable=True),
        sa.Column("bank_digest", sa.LargeBinary(), nullable=True),
        sa.Column("bank_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold", sa.String(), nullable=True),
        sa.Column("hold_reason", sa.String(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("hold IN ('bank_changed', 'by_staff')", name=op.f("ck_payout_accounts_hold")),
        sa.CheckConstraint(
            "state IN ('new', 'onboarding', 'checking', 'ready', 'restricted', 'closed')",
            name=op.f("ck_payout_accounts_state"),
        ),
        sa.CheckConstraint("(hold IS NULL) = (held_at IS NULL)", name=op.f("ck_payout_accounts_held_since")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_payout_accounts_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_accounts")),
        sa.UniqueConstraint("org_id", name=op.f("uq_payout_accounts_org_id")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_payout_accounts_stripe_id")),
    )
    op.create_table(
        "payouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("bank_last4", sa.String(), nullable=True),
        sa.Column("transfers", sa.Integer(), nullable=False),
        sa.Column("takings", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.String(), nullable=True),
        sa.Column("arrival_id", sa.String(), nullable=True),
        sa.Column("bank_payout_id", sa.String(), nullable=True),
        sa.Column("bank_payout_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_cents", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'reserved', 'sending', 'unknown', 'sent', 'paid', 'failed', 'canceled')",
            name=op.f("ck_payouts_state"),
        ),
        sa.CheckConstraint(
            "amount_cents > 0 AND returned_cents BETWEEN 0 AND amount_cents", name=op.f("ck_payouts_amount")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_payouts_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("transfer_id", name=op.f("uq_payouts_transfer_id")),
    )
    op.create_index("ix_payouts_arrival_id", "payouts", ["arrival_id"], unique=False)
    op.create_index("ix_payouts_bank_payout_id", "payouts", ["bank_payout_id"], unique=False)
    op.create_index("ix_payouts_org_id_id", "payouts", ["org_id", "id"], unique=False)
    op.create_index(
        "ix_payouts_under_way",
        "payouts",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('requested', 'reserved', 'sending', 'unknown', 'sent')"),
    )
    op.create_index(
        "uq_payouts_one_open",
        "payouts",
        ["org_id", "currency"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'reserved', 'sending', 'unknown')"),
    )


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
