"""Leads of one person from several agencies: a buyer gets one of them, and one alone is offered as exclusive."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

_SQL = Path(__file__).parents[1] / "sql"

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_KNOWN = """
INSERT INTO lead_twins (lead_id, twin_id, if_sold, if_on_sale)
SELECT pair.one, pair.other, rival.at_all AND (twin.slots_total = 1 OR rival.earlier), rival.at_all AND rival.earlier
FROM (
  SELECT DISTINCT a.lead_id AS one, b.lead_id AS other
  FROM lead_keys a JOIN lead_keys b ON b.digest = a.digest AND b.lead_id <> a.lead_id
  WHERE a.kind IN ('phone', 'email')
) AS pair
JOIN leads mine ON mine.id = pair.one
JOIN leads twin ON twin.id = pair.other
CROSS JOIN LATERAL (
  SELECT mine.slots_total = 1 AND twin.agency_id <> mine.agency_id AS at_all,
    (twin.submitted_at, twin.id) < (mine.submitted_at, mine.id) AS earlier
) AS rival
"""


def upgrade() -> None:
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
    op.create_index("ix_contact_rights_org_id_since", "contact_rights", ["org_id", "since"])
    op.execute(_KNOWN)
    op.get_bind().connection.driver_connection.execute((_SQL / "0060_twins.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
