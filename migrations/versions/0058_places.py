"""Where a lead stands in the catalogue: when the person asked, moved by what its agency's grade brings.

Work goes on meanwhile, and with the processes of before: no step holds `leads` for long, and a lead that says nothing
of its place gets one. Each step is kept at once; begun again after a failure, all of them come to the same.
"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_ON_SALE = sa.text("state = 'available'")
# now() is one moment for all rows: it is noted once, and no row is written anew
_COLUMN = "ALTER TABLE leads ADD COLUMN IF NOT EXISTS place timestamptz NOT NULL DEFAULT now()"
# 24 h x log2(visibility), as the product counts it: catalog/visibility.py. Gives the last lead's id of a full batch: by
# then what is left has come in since, and whoever sends more than that is not run after
_FILL = sa.text("""
WITH next AS (
  SELECT id, agency_id FROM leads WHERE id > :after ORDER BY id LIMIT 5000 FOR NO KEY UPDATE
), filled AS (
  UPDATE leads SET place = submitted_at + brings.head_start
  FROM next
  JOIN organisations org ON org.id = next.agency_id
  JOIN LATERAL (
    SELECT make_interval(secs => round(86400 * ln(greatest(100, visibility_bp) / 10000.0) / ln(2.0))) AS head_start
    FROM grade_terms WHERE grade_terms.grade = org.grade ORDER BY number DESC LIMIT 1
  ) brings ON true
  WHERE leads.id = next.id AND leads.place <> leads.submitted_at + brings.head_start
)
SELECT id FROM next ORDER BY id OFFSET 4999
""")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(_COLUMN)
        _fill()
        op.execute("SET lock_timeout = 0")  # who builds beside the others waits for them and stands in nobody's way
        _build("ix_leads_on_sale_place", ["place", "id"])
        _build("ix_leads_on_sale_vertical_place", ["vertical", "place", "id"])
        op.execute("RESET lock_timeout")
    op.drop_index("ix_leads_on_sale_vertical", "leads")
    op.execute("ALTER INDEX ix_leads_on_sale_vertical_place RENAME TO ix_leads_on_sale_vertical")


def _fill() -> None:
    last: UUID | None = UUID(int=0)
    while last:
        last = op.get_bind().scalar(_FILL, {"after": last})


def _build(name: str, columns: list[str]) -> None:
    op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # what is left of a try that failed is no index
    op.create_index(name, "leads", columns, postgresql_where=_ON_SALE, postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_index("ix_leads_on_sale_vertical", "leads")
    op.create_index("ix_leads_on_sale_vertical", "leads", ["vertical", "submitted_at", "id"], postgresql_where=_ON_SALE)
    op.drop_index("ix_leads_on_sale_place", "leads")
    op.drop_column("leads", "place")
