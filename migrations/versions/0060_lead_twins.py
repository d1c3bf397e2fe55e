"""Leads of one person from several agencies: a buyer gets one of them, and one alone is offered as exclusive."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _build("ix_contact_rights_org_id_since", "contact_rights", ["org_id", "since"])
    op.create_table(
        "lead_twins",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("twin_id", sa.Uuid(), nullable=False),
        sa.Column("if_sold", sa.Boolean(), nullable=False),
        sa.Column("if_on_sale", sa.Boolean(), nullable=False),
        sa.CheckConstraint("if_sold OR NOT if_on_sale", name=op.f("ck_lead_twins_sold_or_on_sale")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_twins_lead_id")),
        sa.ForeignKeyConstraint(["twin_id"], ["leads.id"], name=op.f("fk_lead_twins_twin_id")),
        sa.PrimaryKeyConstraint("lead_id", "twin_id", name=op.f("pk_lead_twins")),
    )
    op.get_bind().connection.driver_connection.execute((_SQL / "0060_twins.sql").read_text())


def _build(name: str, table: str, columns: list[str]) -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")  # who builds beside the others waits for them and stands in nobody's way
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # what is left of a try that failed is no index
        op.create_index(name, table, columns, postgresql_concurrently=True)
        op.execute("RESET lock_timeout")


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
