"""What has an address whose reader wants no more calls is not taken in again."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_SAID_BEFORE = """
INSERT INTO withdrawn_emails (digest, at)
SELECT address, min(answered_at) FROM person_questions WHERE answer = 'stop' GROUP BY address
"""


def upgrade() -> None:
    op.create_table(
        "withdrawn_emails",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_withdrawn_emails")),
    )
    op.execute(_SAID_BEFORE)


def downgrade() -> None:
    op.drop_table("withdrawn_emails")
