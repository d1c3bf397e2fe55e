"""What each lead is given: versions of models, scores, and what leads have in common beside the person.

Leads of before have no score, so the first round of the scoring job finds them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _leads()
    _models()
    op.create_table(
        "lead_scores",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("p_fraud", sa.Float(), nullable=False),
        sa.Column("p_convert", sa.Float(), nullable=True),
        sa.Column("fraud_model_id", sa.Uuid(), nullable=False),
        sa.Column("convert_model_id", sa.Uuid(), nullable=True),
        sa.Column("inputs", JSONB(), nullable=False),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "p_fraud BETWEEN 0 AND 1 AND p_convert BETWEEN 0 AND 1", name=op.f("ck_lead_scores_chances")
        ),
        sa.CheckConstraint(
            "(p_convert IS NULL) = (convert_model_id IS NULL)", name=op.f("ck_lead_scores_convert_model")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_scores_lead_id")),
        sa.ForeignKeyConstraint(["fraud_model_id"], ["score_models.id"], name=op.f("fk_lead_scores_fraud_model_id")),
        sa.ForeignKeyConstraint(
            ["convert_model_id"], ["score_models.id"], name=op.f("fk_lead_scores_convert_model_id")
        ),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_lead_scores")),
    )


def _leads() -> None:
    op.add_column("leads", sa.Column("real_bp", sa.SmallInteger(), nullable=True))
    op.add_column("leads", sa.Column("convert_bp", sa.SmallInteger(), nullable=True))
    both = "real_bp BETWEEN 0 AND 10000 AND convert_bp BETWEEN 0 AND 10000"
    op.create_check_constraint(op.f("ck_leads_scores"), "leads", both)
    op.create_index(
        "ix_leads_on_sale_score", "leads", ["real_bp", "id"], postgresql_where=sa.text("state = 'available'")
    )
    op.create_index("ix_leads_unscored", "leads", ["id"], postgresql_where=sa.text("real_bp IS NULL"))
    op.create_table(
        "lead_traces",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("ip", "device", "comment")),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_traces_lead_id")),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_lead_traces")),
    )
    for name in ("ip", "device", "comment"):
        some = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_lead_traces_{name}", "lead_traces", [name, "submitted_at"], postgresql_where=some)


def _models() -> None:
    op.create_table(
        "score_models",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("vertical", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("coefficients", JSONB(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trained_on", sa.Integer(), nullable=False),
        sa.Column("measures", JSONB(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('fraud', 'convert')", name=op.f("ck_score_models_kind")),
        sa.CheckConstraint("state IN ('candidate', 'serving', 'retired')", name=op.f("ck_score_models_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_models")),
        sa.UniqueConstraint(
            "kind", "vertical", "version", name=op.f("uq_score_models_kind_vertical_version"),
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    op.create_index(
        "uq_score_models_serving",
        "score_models",
        ["kind", "vertical"],
        unique=True,
        postgresql_where=sa.text("state = 'serving'"),
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_table("lead_scores")
    op.drop_table("score_models")
    op.drop_table("lead_traces")
    for column in ("real_bp", "convert_bp"):
        op.drop_column("leads", column)
