"""Whether sales are reported: the running test, doubts with their calls and files, buyers that pay per lead only."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

_SQL = Path(__file__).parents[1] / "sql"

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tests()
    _doubts()
    _parts_of_doubts()
    op.get_bind().connection.driver_connection.execute((_SQL / "0030_orders.sql").read_text())


def _tests() -> None:
    op.create_table(
        "tested_leads",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=True),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("age_days", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("age_days >= 90", name=op.f("ck_tested_leads_age")),
        sa.CheckConstraint("chance BETWEEN 0 AND 1", name=op.f("ck_tested_leads_chance")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_tested_leads_buyer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["sold_leads.order_id"], name=op.f("fk_tested_leads_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_tested_leads")),
    )
    op.create_index(
        "ix_tested_leads_unreported",
        "tested_leads",
        ["buyer_id", "order_id"],
        unique=False,
        postgresql_where=sa.text("chance IS NOT NULL AND NOT reported"),
    )
    op.create_table(
        "report_tests",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("watch", JSONB(), nullable=False),
        sa.Column("act", JSONB(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("reported", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("watched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("expected >= 0", name=op.f("ck_report_tests_expected")),
        sa.CheckConstraint(
            "leads >= 0 AND left_out >= 0 AND reported BETWEEN 0 AND leads", name=op.f("ck_report_tests_counts")
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_report_tests_buyer_id")),
        sa.PrimaryKeyConstraint("buyer_id", name=op.f("pk_report_tests")),
    )
    op.create_table(
        "report_nights",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("reported", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("e_watch", sa.Double(), nullable=False),
        sa.Column("e_act", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["buyer_id"], ["report_tests.buyer_id"], name=op.f("fk_report_nights_buyer_id")),
        sa.PrimaryKeyConstraint("buyer_id", "night", name=op.f("pk_report_nights")),
    )


def _doubts() -> None:
    op.create_table(
        "report_doubts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("e_value", sa.Double(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasoning", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NOT NULL) = (state IN ('proven', 'cleared', 'lifted'))",
            name=op.f("ck_report_doubts_decided"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'answered', 'proposed', 'proven', 'cleared', 'lifted')",
            name=op.f("ck_report_doubts_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('proposed', 'proven', 'lifted') OR proposed_by IS NOT NULL",
            name=op.f("ck_report_doubts_proposed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('proven', 'lifted') OR coalesce(decided_by <> proposed_by, false)",
            name=op.f("ck_report_doubts_two_persons"),
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_report_doubts_buyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_doubts")),
    )
    op.create_index("ix_report_doubts_buyer_id_id", "report_doubts", ["buyer_id", "id"], unique=False)
    op.create_index(
        "uq_report_doubts_open",
        "report_doubts",
        ["buyer_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'answered', 'proposed')"),
    )


def _parts_of_doubts() -> None:
    op.create_table(
        "report_doubt_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doubt_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("called_by", sa.Uuid(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "finding IN ('bought', 'did_not_buy', 'unreachable')", name=op.f("ck_report_doubt_calls_finding")
        ),
        sa.CheckConstraint("(finding IS NULL) = (called_at IS NULL)", name=op.f("ck_report_doubt_calls_called")),
        sa.ForeignKeyConstraint(["doubt_id"], ["report_doubts.id"], name=op.f("fk_report_doubt_calls_doubt_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_report_doubt_calls_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_doubt_calls")),
        sa.UniqueConstraint("doubt_id", "order_id", name=op.f("uq_report_doubt_calls_doubt_id_order_id")),
    )
    op.create_table(
        "report_doubt_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doubt_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("stored_as", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["doubt_id"], ["report_doubts.id"], name=op.f("fk_report_doubt_files_doubt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_doubt_files")),
        sa.UniqueConstraint("doubt_id", "fingerprint", name=op.f("uq_report_doubt_files_doubt_id_fingerprint")),
    )
    op.create_table(
        "prepaid_buyers",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisations.id"], name=op.f("fk_prepaid_buyers_buyer_id")),
        sa.PrimaryKeyConstraint("buyer_id", name=op.f("pk_prepaid_buyers")),
    )


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")
