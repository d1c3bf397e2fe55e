"""What is opened to compare leads is written down act by act: the log grows no faster than leads come in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_KEPT = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON contact_comparisons FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
_NOT_EMPTIED = """
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON contact_comparisons EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "contact_comparisons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("lead_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_contact_comparisons_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_comparisons")),
    )
    op.execute(_KEPT)
    op.execute(_NOT_EMPTIED)


def downgrade() -> None:
    op.drop_table("contact_comparisons")
