"""The price of a lead falls with its age along a curve that its listing prints."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

_SQL = Path(__file__).parents[1] / "sql"

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_FITS = (
    "price_curve IS NULL OR (pricing = 'per_lead'"
    " AND coalesce(jsonb_array_length(price_curve -> 'steps'), 0) BETWEEN 1 AND 4"
    " AND coalesce((price_curve ->> 'floor_cents')::bigint, 0) BETWEEN 1 AND price_cents)"
)


def upgrade() -> None:
    op.add_column("listings", sa.Column("price_curve", JSONB(none_as_null=True), nullable=True))
    op.create_check_constraint(op.f("ck_listings_price_curve"), "listings", _FITS)
    op.get_bind().connection.driver_connection.execute((_SQL / "0021_price_at.sql").read_text())


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
