"""The twins among the leads that were there before: of those on sale, or that came in or were sold within 90 days.

Work goes on meanwhile: each batch is kept at once; begun again after a failure, all of them come to the same.
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_NEXT = sa.text("""
SELECT l.id FROM leads l
WHERE l.id > :after AND (
  l.state = 'available' OR l.received_at > now() - interval '90 days'
  OR EXISTS (SELECT 1 FROM contact_rights r WHERE r.lead_id = l.id AND r.since > now() - interval '90 days')
)
ORDER BY l.id LIMIT 1000
""")
_PAIR = sa.text("SELECT pair_twins(:leads)").bindparams(sa.bindparam("leads", type_=ARRAY(sa.Uuid)))


def upgrade() -> None:
    with op.get_context().autocommit_block():
        leads = _after(UUID(int=0))
        while leads:
            op.get_bind().execute(_PAIR, {"leads": leads})
            leads = _after(leads[-1])


def _after(lead_id: UUID) -> Sequence[UUID]:
    found: Sequence[UUID] = op.get_bind().scalars(_NEXT, {"after": lead_id}).all()
    return found


def downgrade() -> None:
    op.execute("DELETE FROM lead_twins")
