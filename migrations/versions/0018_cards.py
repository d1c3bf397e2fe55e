"""Buyers save cards, and wallets fill themselves from them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OPEN = "state IN ('created', 'requires_action', 'processing')"


def upgrade() -> None:
    _cards()
    _setups()
    _recharges()
    _top_ups()


def _cards() -> None:
    op.create_table(
        "stripe_customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_id", sa.String(), nullable=True),
        _time("created_at", nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_stripe_customers_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_customers")),
        sa.UniqueConstraint("org_id", name=op.f("uq_stripe_customers_org_id")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_stripe_customers_stripe_id")),
    )
    op.create_table(
        "saved_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("last4", sa.String(), nullable=False),
        sa.Column("exp_month", sa.Integer(), nullable=False),
        sa.Column("exp_year", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        _time("saved_at", nullable=False),
        _time("warned_at"),
        _time("removed_at"),
        _time("gone_at"),
        sa.CheckConstraint("NOT (is_default AND removed_at IS NOT NULL)", name=op.f("ck_saved_cards_default")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_saved_cards_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_cards")),
        sa.UniqueConstraint("method", name=op.f("uq_saved_cards_method")),
    )
    op.create_index("ix_saved_cards_org_id_id", "saved_cards", ["org_id", "id"])
    op.create_index(
        "uq_saved_cards_default", "saved_cards", ["org_id"], unique=True, postgresql_where=sa.text("is_default")
    )


def _setups() -> None:
    op.create_table(
        "card_setups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("needs_3ds", sa.Boolean(), nullable=False),
        sa.Column("page_id", sa.String(), nullable=True),
        sa.Column("page_url", sa.String(), nullable=True),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        _time("created_at", nullable=False),
        sa.CheckConstraint("state IN ('created', 'saved', 'expired', 'failed')", name=op.f("ck_card_setups_state")),
        sa.CheckConstraint("(state = 'saved') = (card_id IS NOT NULL)", name=op.f("ck_card_setups_card")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_card_setups_org_id")),
        sa.ForeignKeyConstraint(["card_id"], ["saved_cards.id"], name=op.f("fk_card_setups_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_setups")),
        sa.UniqueConstraint("page_id", name=op.f("uq_card_setups_page_id")),
    )
    op.create_index("ix_card_setups_org_id_id", "card_setups", ["org_id", "id"])
    op.create_index("ix_card_setups_open", "card_setups", ["created_at"], postgresql_where=sa.text("state = 'created'"))


def _recharges() -> None:
    op.create_table(
        "recharges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("below_cents", sa.BigInteger(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("declines", sa.Integer(), nullable=False),
        _time("next_at"),
        sa.Column("pause", sa.String(), nullable=True),
        _time("paused_at"),
        _time("changed_at", nullable=False),
        sa.CheckConstraint("below_cents > 0 AND amount_cents > 0", name=op.f("ck_recharges_amounts")),
        sa.CheckConstraint(
            "pause IN ('declined', 'authentication', 'card_removed', 'chargeback')", name=op.f("ck_recharges_pause")
        ),
        sa.CheckConstraint("(pause IS NULL) = (paused_at IS NULL)", name=op.f("ck_recharges_paused_since")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_recharges_org_id")),
        sa.ForeignKeyConstraint(["card_id"], ["saved_cards.id"], name=op.f("fk_recharges_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recharges")),
    )
    op.create_index("uq_recharges_org_id_currency", "recharges", ["org_id", "currency"], unique=True)
    op.create_index("ix_recharges_card_id", "recharges", ["card_id"])
    op.create_index("ix_recharges_active", "recharges", ["id"], postgresql_where=sa.text("is_on AND pause IS NULL"))


def _top_ups() -> None:
    for name, table in (("recharge_id", "recharges"), ("card_id", "saved_cards")):
        op.add_column("top_ups", sa.Column(name, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_top_ups_{name}"), "top_ups", table, [name], ["id"])
    op.create_check_constraint(op.f("ck_top_ups_recharge"), "top_ups", "(recharge_id IS NULL) = (card_id IS NULL)")
    op.create_index(
        "uq_top_ups_one_open_recharge", "top_ups", ["recharge_id"], unique=True, postgresql_where=sa.text(_OPEN)
    )
    op.create_index(
        "ix_top_ups_recharge_id_id",
        "top_ups",
        ["recharge_id", "id"],
        postgresql_where=sa.text("recharge_id IS NOT NULL"),
    )


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
