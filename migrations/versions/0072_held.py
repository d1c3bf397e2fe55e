"""What is held for a party is found without reading all that it ever bought or sold."""

from alembic import op

revision = "0072"
down_revision = "0067"
branch_labels = None
depends_on = None

_HELD = "pricing = 'per_lead' AND state IN ('held', 'disputed', 'partly_refunded', 'frozen')"


def upgrade() -> None:
    _build("ix_orders_buyer_held", "orders", "buyer_id", _HELD)
    _build("ix_orders_agency_held", "orders", "agency_id", _HELD)
    _build("ix_acquisitions_deposit", "acquisitions", "buyer_id", "NOT deposit_back")


def _build(name: str, table: str, column: str, which: str) -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")  # who builds beside the others waits for them and stands in nobody's way
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # what is left of a try that failed is no index
        op.create_index(name, table, [column], postgresql_where=which, postgresql_concurrently=True)
        op.execute("RESET lock_timeout")


def downgrade() -> None:
    op.drop_index("ix_acquisitions_deposit", "acquisitions")
    op.drop_index("ix_orders_agency_held", "orders")
    op.drop_index("ix_orders_buyer_held", "orders")
