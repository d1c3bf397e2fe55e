"""Evidence is kept once in each dispute, and pictures are drawn anew for those who look at them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dispute_evidence", sa.Column("shown_as", sa.String(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_dispute_evidence_dispute_id_org_id_fingerprint"),
        "dispute_evidence",
        ["dispute_id", "org_id", "fingerprint"],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("uq_dispute_evidence_dispute_id_org_id_fingerprint"), "dispute_evidence")
    op.drop_column("dispute_evidence", "shown_as")
