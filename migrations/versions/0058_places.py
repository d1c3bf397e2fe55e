"""Where a lead stands in the catalogue: when the person asked, moved by what its agency's grade brings."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_ON_SALE = sa.text("state = 'available'")
# 24 h x log2(visibility), as the product counts it: catalog/visibility.py
_FILL = """
UPDATE leads SET place = submitted_at + brings.head_start
FROM (
  SELECT org.id, make_interval(secs => round(86400 * ln(greatest(100, terms.visibility_bp) / 10000.0) / ln(2.0)))
    AS head_start
  FROM organisations org
  JOIN LATERAL (
    SELECT visibility_bp FROM grade_terms WHERE grade_terms.grade = org.grade ORDER BY number DESC LIMIT 1
  ) terms ON true
) brings
WHERE brings.id = leads.agency_id
"""


def upgrade() -> None:
    op.add_column("leads", sa.Column("place", sa.DateTime(timezone=True)))
    op.execute(_FILL)
    op.alter_column("leads", "place", nullable=False)
    op.create_index("ix_leads_on_sale_place", "leads", ["place", "id"], postgresql_where=_ON_SALE)
    op.drop_index("ix_leads_on_sale_vertical", "leads")
    op.create_index("ix_leads_on_sale_vertical", "leads", ["vertical", "place", "id"], postgresql_where=_ON_SALE)


def downgrade() -> None:
    op.drop_index("ix_leads_on_sale_vertical", "leads")
    op.create_index("ix_leads_on_sale_vertical", "leads", ["vertical", "submitted_at", "id"], postgresql_where=_ON_SALE)
    op.drop_index("ix_leads_on_sale_place", "leads")
    op.drop_column("leads", "place")
