"""A call to somebody who wants no more calls ends without one: neither good nor bad."""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_FINDINGS = (
    "(state = 'waiting' AND finding IS NULL) OR (state = 'passed' AND finding = 'asked')"
    " OR (state = 'failed' AND finding IN ('did_not_ask', 'wrong_person', 'known'))"
    " OR (state = 'unreachable' AND finding {})"
)


def upgrade() -> None:
    _allow("IN ('unreachable', 'stopped')")


def downgrade() -> None:
    op.execute("UPDATE lead_audits SET finding = 'unreachable' WHERE finding = 'stopped'")
    _allow("= 'unreachable'")


def _allow(unreachable: str) -> None:
    op.drop_constraint(op.f("ck_lead_audits_finding"), "lead_audits")
    op.create_check_constraint(op.f("ck_lead_audits_finding"), "lead_audits", _FINDINGS.format(unreachable))
