"""The chain of blocks, its announced heads, and the runs of the nightly check."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.kit.db import TransactionId

_SQL = Path(__file__).parents[1] / "sql"

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_unsealed",
        sa.Column("tx", TransactionId(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tx", "entry_id", name=op.f("pk_ledger_unsealed")),
    )
    op.create_table(
        "ledger_blocks",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("entry_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("digests", postgresql.ARRAY(sa.LargeBinary()), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_ledger_blocks_numbered_from_one")),
        sa.CheckConstraint(
            "entries >= 1 AND cardinality(entry_ids) = entries AND cardinality(digests) = entries",
            name=op.f("ck_ledger_blocks_counted"),
        ),
        sa.CheckConstraint(
            "octet_length(hash) = 32 AND octet_length(previous) = 32", name=op.f("ck_ledger_blocks_sha256")
        ),
        sa.CheckConstraint("sealed_at = date_trunc('second', sealed_at)", name=op.f("ck_ledger_blocks_whole_second")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_blocks")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_blocks_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_ledger_blocks_previous")),
    )
    op.create_table(
        "ledger_heads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_heads")),
        sa.UniqueConstraint("on_day", name=op.f("uq_ledger_heads_on_day")),
        sa.UniqueConstraint("number", name=op.f("uq_ledger_heads_number")),
    )
    op.create_table(
        "check_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("night", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("broken", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("head_number", sa.BigInteger(), nullable=True),
        sa.Column("head_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_runs")),
        sa.UniqueConstraint("night", name=op.f("uq_check_runs_night")),
    )
    op.get_bind().connection.driver_connection.execute((_SQL / "0006_blocks.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("a chain that was shown cannot be taken back: restore a backup instead")
