"""A number that was offered as a correction and failed is kept until we have asked about its line."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_BEFORE = "(state IN ('offered', 'tried')) = (sealed IS NOT NULL)"
_NOW = (
    "CASE WHEN state IN ('offered', 'tried') THEN sealed IS NOT NULL"
    " ELSE sealed IS NULL OR state = 'failed' AND field = 'phone' END"
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_corrections_sealed"), "corrections")
    op.create_check_constraint(op.f("ck_corrections_sealed"), "corrections", _NOW)
    left = sa.text("state = 'failed' AND sealed IS NOT NULL")
    op.create_index("ix_corrections_left", "corrections", ["dispute_id"], postgresql_where=left)


def downgrade() -> None:
    op.drop_index("ix_corrections_left", "corrections")
    op.execute("UPDATE corrections SET sealed = NULL WHERE state = 'failed'")
    op.drop_constraint(op.f("ck_corrections_sealed"), "corrections")
    op.create_check_constraint(op.f("ck_corrections_sealed"), "corrections", _BEFORE)
