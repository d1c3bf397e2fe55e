"""Learning the models of scores anew: when it is due, and what each attempt came to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_due",
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("is_only", name=op.f("ck_training_due_is_only")),
        sa.PrimaryKeyConstraint("is_only", name=op.f("pk_training_due")),
    )
    op.create_table(
        "training_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("vertical", sa.String(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.Integer(), nullable=False),
        sa.Column("positive", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("measures", JSONB(), nullable=True),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("notes", JSONB(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('fraud', 'convert')", name=op.f("ck_training_runs_kind")),
        sa.CheckConstraint(
            "why IN ('promoted', 'too_few', 'no_signal', 'slope', 'not_better')", name=op.f("ck_training_runs_why")
        ),
        sa.CheckConstraint(
            "(why = 'too_few') = (model_id IS NULL) AND (model_id IS NULL) = (measures IS NULL)",
            name=op.f("ck_training_runs_learned"),
        ),
        sa.CheckConstraint("positive BETWEEN 0 AND outcomes", name=op.f("ck_training_runs_outcomes")),
        sa.ForeignKeyConstraint(["model_id"], ["score_models.id"], name=op.f("fk_training_runs_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_runs")),
    )
    op.create_index("ix_training_runs_kind_vertical_id", "training_runs", ["kind", "vertical", "id"])


def downgrade() -> None:
    op.drop_table("training_runs")
    op.drop_table("training_due")
