"""What is found out about disputed leads, verdicts by published rules, and calls that buyers log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_KINDS = (
    "'phone_recheck_invalid', 'hard_bounce', 'duplicate_90_days', 'consent_missing_or_bad', "
    "'call_attempts_4_on_2_days', 'recording_did_not_ask', 'consumer_not_me', 'buyer_reached'"
)


def upgrade() -> None:
    _attempts()
    _findings()
    _opinions()
    _verdicts()
    op.create_table(
        "bounces",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_bounces")),
    )
    op.create_index("ix_lead_keys_digest_agency_id", "lead_keys", ["digest", "agency_id"])
    op.drop_index("ix_lead_keys_agency_id_digest", "lead_keys")


def downgrade() -> None:
    raise RuntimeError("money does not go back to an older form: restore a backup instead")


def _attempts() -> None:
    op.create_table(
        "call_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("logged_by", sa.Uuid(), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.CheckConstraint(
            "result IN ('no_answer', 'busy', 'voicemail', 'not_in_service', 'spoke')",
            name=op.f("ck_call_attempts_result"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_call_attempts_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempts")),
        sa.UniqueConstraint("order_id", "at", name=op.f("uq_call_attempts_order_id_at")),
    )


def _findings() -> None:
    op.create_table(
        "dispute_findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("uploaded", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"evidence IN ({_KINDS})", name=op.f("ck_dispute_findings_evidence")),
        sa.CheckConstraint("found IN ('present', 'absent', 'unknown')", name=op.f("ck_dispute_findings_found")),
        sa.CheckConstraint(
            "source IN ('us', 'buyer', 'agency', 'connected', 'consumer')", name=op.f("ck_dispute_findings_source")
        ),
        sa.CheckConstraint("NOT uploaded OR source IN ('buyer', 'agency')", name=op.f("ck_dispute_findings_uploaded")),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_findings_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_findings")),
        sa.UniqueConstraint(
            "dispute_id", "evidence", "source", name=op.f("uq_dispute_findings_dispute_id_evidence_source")
        ),
    )


def _opinions() -> None:
    op.create_table(
        "dispute_opinions",
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("p_fake", sa.Float(), nullable=False),
        sa.Column("parts", postgresql.JSONB(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.Column("trust", sa.Float(), nullable=False),
        sa.Column("trust_upheld", sa.Integer(), nullable=False),
        sa.Column("trust_decided", sa.Integer(), nullable=False),
        sa.Column("agency_rate", sa.Float(), nullable=False),
        sa.Column("place", sa.Float(), nullable=True),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("p_fake > 0 AND p_fake < 1", name=op.f("ck_dispute_opinions_p_fake")),
        sa.CheckConstraint(
            "trust > 0 AND trust < 1 AND agency_rate > 0 AND agency_rate < 1", name=op.f("ck_dispute_opinions_records")
        ),
        sa.CheckConstraint("trust_upheld BETWEEN 0 AND trust_decided", name=op.f("ck_dispute_opinions_counts")),
        sa.CheckConstraint("verdict IN ('upheld', 'rejected', 'queue')", name=op.f("ck_dispute_opinions_verdict")),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_opinions_dispute_id")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_dispute_opinions")),
    )
    op.create_index(
        "ix_dispute_opinions_place",
        "dispute_opinions",
        ["place", "dispute_id"],
        postgresql_where=sa.text("place IS NOT NULL"),
    )


def _verdicts() -> None:
    op.create_table(
        "dispute_verdicts",
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("p_fake", sa.Float(), nullable=False),
        sa.Column("blind_review", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("by IN ('facts', 'silence', 'time')", name=op.f("ck_dispute_verdicts_by")),
        sa.CheckConstraint("by <> 'time' OR blind_review", name=op.f("ck_dispute_verdicts_late_is_reviewed")),
        sa.CheckConstraint("p_fake > 0 AND p_fake < 1", name=op.f("ck_dispute_verdicts_p_fake")),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_verdicts_dispute_id")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_dispute_verdicts")),
    )
    op.create_index("ix_dispute_verdicts_blind", "dispute_verdicts", ["at"], postgresql_where=sa.text("blind_review"))
