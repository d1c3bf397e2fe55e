"""A lead that is known to be bad takes part in the lot for calls, and fails without one."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_FINDINGS = (
    "(state = 'waiting' AND finding IS NULL) OR (state = 'passed' AND finding = 'asked')"
    " OR (state = 'failed' AND finding IN ({failed}))"
    " OR (state = 'unreachable' AND finding = 'unreachable')"
)


def upgrade() -> None:
    _allow("'did_not_ask', 'wrong_person', 'known'")


def downgrade() -> None:
    op.execute("DELETE FROM lead_audits WHERE finding = 'known'")
    _allow("'did_not_ask', 'wrong_person'")


def _allow(failed: str) -> None:
    op.drop_constraint(op.f("ck_lead_audits_finding"), "lead_audits")
    op.create_check_constraint(op.f("ck_lead_audits_finding"), "lead_audits", _FINDINGS.format(failed=failed))
