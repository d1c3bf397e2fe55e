"""Agencies and buyers that a card or a bank ties together."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_marks",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('card', 'bank')", name=op.f("ck_payment_marks_kind")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_payment_marks_org_id")),
        sa.PrimaryKeyConstraint("org_id", "kind", "digest", name=op.f("pk_payment_marks")),
    )
    op.create_index("ix_payment_marks_kind_digest", "payment_marks", ["kind", "digest"])
    op.create_table(
        "linked_parties",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("why IN ('card', 'bank')", name=op.f("ck_linked_parties_why")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_linked_parties_agency_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_linked_parties_buyer_id")),
        sa.PrimaryKeyConstraint("agency_id", "buyer_id", name=op.f("pk_linked_parties")),
    )
    op.create_index(op.f("ix_linked_parties_buyer_id"), "linked_parties", ["buyer_id"])
    for name in ("0017_links.sql", "0017_orders.sql"):
        op.get_bind().connection.driver_connection.execute((_SQL / name).read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
