"""What became of each sold lead, kept for quality, and the sold leads that staff call for.

Of what was sold before a bare row is written that is due at once: the job that tells of what is due fills it in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SOLD_BEFORE = """
INSERT INTO sold_leads (order_id, lead_id, listing_id, agency_id, buyer_id, vertical, channel, sub_id, is_per_sale,
  price_cents, currency, placed_at, due_at)
SELECT o.id, o.lead_id, o.listing_id, o.agency_id, o.buyer_id, l.vertical, l.channel, l.sub_id,
  o.pricing = 'per_sale', o.price_cents, o.currency, o.placed_at, o.placed_at
FROM orders o JOIN leads l ON l.id = o.lead_id
"""
_FINDINGS = (
    "(state = 'waiting' AND finding IS NULL) OR (state = 'passed' AND finding = 'asked')"
    " OR (state = 'failed' AND finding IN ('did_not_ask', 'wrong_person'))"
    " OR (state = 'unreachable' AND finding = 'unreachable')"
)


def upgrade() -> None:
    _sold_leads()
    _audits()
    op.execute(_SOLD_BEFORE)


def _sold_leads() -> None:
    op.create_table(
        "sold_leads",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("vertical", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("sub_id", sa.String(), nullable=True),
        sa.Column("is_per_sale", sa.Boolean(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        _time("placed_at", nullable=False),
        _time("matured_at"),
        sa.Column("fault", sa.Boolean(), nullable=True),
        sa.Column("fault_reason", sa.String(), nullable=True),
        sa.Column("disputed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("stage", sa.String(), server_default="new", nullable=False),
        _time("contacted_at"),
        _time("won_at"),
        sa.Column("won_cents", sa.BigInteger(), nullable=True),
        _time("due_at"),
        sa.CheckConstraint("(matured_at IS NULL) = (fault IS NULL)", name=op.f("ck_sold_leads_matured")),
        sa.CheckConstraint(
            "coalesce(fault, false) = (fault_reason IS NOT NULL)", name=op.f("ck_sold_leads_fault_reason")
        ),
        sa.CheckConstraint("buyer_id <> agency_id", name=op.f("ck_sold_leads_parties")),
        sa.CheckConstraint(
            "stage IN ('new', 'deferred', 'contacted', 'qualified', 'won', 'lost')", name=op.f("ck_sold_leads_stage")
        ),
        sa.CheckConstraint("(stage = 'won') = (won_at IS NOT NULL)", name=op.f("ck_sold_leads_won")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_sold_leads_lead_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_sold_leads_listing_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_sold_leads_agency_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_sold_leads_buyer_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_sold_leads")),
    )
    op.create_index(op.f("ix_sold_leads_lead_id"), "sold_leads", ["lead_id"])
    for columns in (["agency_id", "matured_at"], ["agency_id", "placed_at"], ["buyer_id", "placed_at"]):
        op.create_index(f"ix_sold_leads_{'_'.join(columns)}", "sold_leads", columns)
    for column in ("matured_at", "due_at"):
        known = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_sold_leads_{column}", "sold_leads", [column], postgresql_where=known)


def _audits() -> None:
    op.create_table(
        "lead_audits",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("rate_bp", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), server_default="sample", nullable=False),
        _time("drawn_at", nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        _time("decided_at"),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(_FINDINGS, name=op.f("ck_lead_audits_finding")),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_lead_audits_decided")),
        sa.CheckConstraint("rate_bp BETWEEN 1 AND 10000", name=op.f("ck_lead_audits_rate")),
        sa.CheckConstraint("why IN ('sample', 'alarm')", name=op.f("ck_lead_audits_why")),
        sa.ForeignKeyConstraint(["order_id"], ["sold_leads.order_id"], name=op.f("fk_lead_audits_order_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_lead_audits_agency_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_lead_audits")),
    )
    op.create_index(
        "ix_lead_audits_waiting", "lead_audits", ["drawn_at", "order_id"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index("ix_lead_audits_agency_id_drawn_at", "lead_audits", ["agency_id", "drawn_at"])


def _time(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    op.drop_table("lead_audits")
    op.drop_table("sold_leads")
