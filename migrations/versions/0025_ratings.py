"""Agencies are rated each night; alarms hold new leads; staff call people of sold and of held leads."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

_SQL = Path(__file__).parents[1] / "sql"

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _organisations()
    _ratings()
    _alarms()
    _links()
    _holds()
    _audits()
    op.get_bind().connection.driver_connection.execute((_SQL / "0025_holds.sql").read_text())


def _organisations() -> None:
    op.add_column("organisations", sa.Column("score", sa.Float(), nullable=True))
    op.add_column("organisations", _time("grade_until"))
    op.add_column("organisations", sa.Column("grade_note", sa.String(), server_default="", nullable=False))
    # what staff had set by hand holds for a while, as it would be set today
    op.execute("UPDATE organisations SET grade_until = now() + interval '90 days' WHERE grade <> 'new'")


def _ratings() -> None:
    op.create_table(
        "rating_nights",
        sa.Column("night", sa.Date(), nullable=False),
        _time("began_at", nullable=False),
        _time("ended_at"),
        sa.Column("agencies", sa.Integer(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("prior_leads", sa.Float(), nullable=False),
        sa.Column("expectation", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("night", name=op.f("pk_rating_nights")),
    )
    shares = ("score", "expected_fault", "low", "high", "came", "expected", "usual", "cautious")
    op.create_table(
        "agency_ratings",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        _time("at", nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        *[sa.Column(name, sa.Float(), nullable=False) for name in shares],
        *[sa.Column(name, sa.Integer(), nullable=False) for name in ("leads", "faults", "buyers")],
        sa.Column("channels", postgresql.JSONB(), nullable=False),
        sa.Column("ways", postgresql.JSONB(), nullable=True),
        sa.Column("sales", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_agency_ratings_score")),
        sa.CheckConstraint("grade IN ('new', 'A', 'B', 'C', 'D', 'E', 'F')", name=op.f("ck_agency_ratings_grade")),
        sa.CheckConstraint("faults BETWEEN 0 AND leads", name=op.f("ck_agency_ratings_faults")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_agency_ratings_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "night", name=op.f("pk_agency_ratings")),
    )


def _alarms() -> None:
    op.create_table(
        "agency_alarms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        _time("rang_at", nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        _time("decided_at"),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        _time("ended_at"),
        sa.Column("appeal", sa.String(), nullable=True),
        _time("appealed_at"),
        sa.Column("reasoning", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('ringing', 'confirmed', 'ended', 'lifted')", name=op.f("ck_agency_alarms_state")),
        sa.CheckConstraint("(state = 'ringing') = (decided_at IS NULL)", name=op.f("ck_agency_alarms_decided")),
        sa.CheckConstraint("(appeal IS NULL) = (appealed_at IS NULL)", name=op.f("ck_agency_alarms_appeal")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_agency_alarms_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_alarms")),
    )
    op.create_index(
        "uq_agency_alarms_open",
        "agency_alarms",
        ["agency_id", "channel"],
        unique=True,
        postgresql_where=sa.text("state IN ('ringing', 'confirmed')"),
    )
    op.create_index("ix_agency_alarms_agency_id_id", "agency_alarms", ["agency_id", "id"])


def _links() -> None:
    op.create_table(
        "buyer_links",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint("why IN ('card', 'bank', 'person')", name=op.f("ck_buyer_links_why")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_buyer_links_buyer_id")),
        sa.PrimaryKeyConstraint("buyer_id", name=op.f("pk_buyer_links")),
    )
    op.create_index(op.f("ix_buyer_links_group_id"), "buyer_links", ["group_id"])
    op.create_table(
        "own_buyers",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_own_buyers_agency_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_own_buyers_buyer_id")),
        sa.PrimaryKeyConstraint("agency_id", "buyer_id", name=op.f("pk_own_buyers")),
    )


def _holds() -> None:
    op.create_table(
        "lead_holds",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        _time("since", nullable=False),
        sa.CheckConstraint("why IN ('alarm', 'grade')", name=op.f("ck_lead_holds_why")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_lead_holds_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "channel", name=op.f("pk_lead_holds")),
    )
    op.create_table(
        "call_rights",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        _time("since", nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_call_rights_lead_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_call_rights_org_id")),
        sa.PrimaryKeyConstraint("lead_id", "org_id", name=op.f("pk_call_rights")),
    )


def _audits() -> None:
    """A held lead may be called for too: an audit names its lead, and its purchase where there is one."""
    op.add_column("sold_leads", sa.Column("drawn", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    undrawn = sa.text("matured_at IS NOT NULL AND NOT drawn")
    op.create_index("ix_sold_leads_undrawn", "sold_leads", ["matured_at"], postgresql_where=undrawn)
    op.add_column("lead_audits", sa.Column("id", sa.Uuid(), nullable=True))
    op.add_column("lead_audits", sa.Column("lead_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE lead_audits a SET id = a.order_id, lead_id = s.lead_id FROM sold_leads s WHERE s.order_id = a.order_id"
    )
    op.drop_index("ix_lead_audits_waiting", "lead_audits")
    op.drop_constraint(op.f("pk_lead_audits"), "lead_audits", type_="primary")
    for name, is_nullable in (("id", False), ("lead_id", False), ("order_id", True)):
        op.alter_column("lead_audits", name, nullable=is_nullable)
    op.create_primary_key(op.f("pk_lead_audits"), "lead_audits", ["id"])
    op.create_unique_constraint(op.f("uq_lead_audits_order_id"), "lead_audits", ["order_id"])
    op.create_index(op.f("ix_lead_audits_lead_id"), "lead_audits", ["lead_id"])
    op.create_foreign_key(op.f("fk_lead_audits_lead_id"), "lead_audits", "leads", ["lead_id"], ["id"])
    op.drop_constraint(op.f("ck_lead_audits_why"), "lead_audits", type_="check")
    op.create_check_constraint(
        op.f("ck_lead_audits_why"), "lead_audits", "why IN ('sample', 'alarm') OR (why = 'held' AND order_id IS NULL)"
    )
    op.create_index(
        "ix_lead_audits_waiting", "lead_audits", ["drawn_at", "id"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index(
        "uq_lead_audits_held", "lead_audits", ["lead_id"], unique=True, postgresql_where=sa.text("order_id IS NULL")
    )


def _time(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    raise RuntimeError("ratings and alarms hold money and leads back: restore a backup instead")
