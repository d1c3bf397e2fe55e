"""Keys by which leads of one agency are looked up that may be the same person, with slips."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "likeness_keys",
        sa.Column("digest", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_likeness_keys_lead_id")),
        sa.PrimaryKeyConstraint("digest", "received_at", "lead_id", name=op.f("pk_likeness_keys")),
    )
    op.create_index("ix_likeness_keys_received_at", "likeness_keys", ["received_at"], postgresql_using="brin")


def downgrade() -> None:
    op.drop_table("likeness_keys")
